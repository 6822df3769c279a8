// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What an event of a repository may be (NIP-34): a state has a tag for each ref, a patch is as long as what it changes.
public struct RepositoryEventLimits: Hashable, Sendable {
    /// **Bytes** of an event's canonical JSON.
    public var maxEventBytes = 2 << 20
    public var maxEventTags = 20_000
    /// **Characters**.
    public var maxContentLength = 1 << 20

    public init() {}
}

/// What an event may be to be published here; the names are NIP-11's.
public struct PublishingLimits: Hashable, Sendable {
    /// **Bytes** of an event's canonical JSON.
    public var maxEventBytes = 512 << 10
    public var maxEventTags = 5_000
    /// **Characters**, as NIP-11 counts them.
    public var maxContentLength = 128 << 10
    /// What announcements, states, patches and pull requests may be, where that is more.
    public var repository = RepositoryEventLimits()
    /// **Seconds** behind our clock, for clients' events; `nil` for no limit.
    public var createdAtLowerLimit: Int64?
    /// **Seconds** ahead of our clock; `nil` for no limit.
    public var createdAtUpperLimit: Int64? = 900
    /// Leading zero **bits** of the id (NIP-13), for clients' events.
    public var minPowDifficulty = 0

    public init() {}
}
