// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a relay asks of its clients: advertised in NIP-11's `limitation` and enforced at exactly these values.
///
/// The names are NIP-11's. Bounds on events (tags, content, times, work) are enforced by the one door for
/// everything that enters; those on requests by ``RelaySession``; the message's length by the transport.
public struct RelayLimits: Hashable, Sendable {
    /// The longest message accepted, in **bytes**.
    public var maxMessageLength = 2_097_152
    /// Subscriptions open at once on one connection.
    public var maxSubscriptions = 200
    /// Filters in one request.
    public var maxFilters = 100
    /// What a filter's `limit` is cut to.
    public var maxLimit = 5_000
    /// The limit of a filter that names none.
    public var defaultLimit = 5_000
    /// The longest subscription id, in **characters** (Unicode scalars).
    public var maxSubscriptionIDLength = 64
    /// The longest event, in **bytes** of its canonical JSON; of repositories' own kinds, as long as a message.
    public var maxEventBytes = 524_288
    /// Tags in one event; of repositories' own kinds, more.
    public var maxEventTags = 5_000
    /// The longest content, in **characters** (Unicode scalars); of repositories' own kinds, more.
    public var maxContentLength = 131_072
    /// How far back `created_at` may lie, in **seconds**; `nil` when any past is accepted.
    public var createdAtLowerLimit: Int64?
    /// How far ahead `created_at` may lie, in **seconds**; `nil` when any future is accepted.
    public var createdAtUpperLimit: Int64? = 900
    /// Leading zero bits an id must have (NIP-13).
    public var minProofOfWork = 0

    public init() {}
}
