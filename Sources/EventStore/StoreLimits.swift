// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Every bound of the store.
public struct StoreLimits: Hashable, Sendable {
    /// Readers at one time, over all processes; one is taken for the length of a page, not of a query.
    public var readers = 510
    /// Commits kept in the durable log.
    public var logCommits = 65_536
    /// **Bytes** kept in the durable log.
    public var logBytes = 256 << 20
    /// Commits kept in memory for followers.
    public var ringCommits = 1_024
    /// **Bytes** of events kept in memory for followers.
    public var ringBytes = 8 << 20
    /// **Bytes** of events in one page of the commit feed; a page holds at least one commit.
    public var feedPageBytes = 4 << 20
    /// Values of one filter that are merged from an index side by side; beyond it a coarser index is read.
    public var streamsPerFilter = 10_000
    /// The same over all filters of a query: what a paused query holds in memory, at about 250 bytes each.
    public var streamsPerQuery = 20_000
    /// Matches of one search that are ranked: the newest ones.
    public var searchCandidates = 2_000
    /// Index entries read for one search, with ten for every record loaded: what is older is not found.
    public var searchWork = 1_000_000
    /// Seconds between two syncs to disk with ``StoreOptions/Durability/relaxed``.
    public var relaxedSyncSeconds: Int64 = 5
    /// Events beside one that are looked at inside a write transaction.
    static let neighboursMax = 1_000
    /// Groups (``RepositoryGroups``) that one set is reconciled by; a filter that has more is read event by event.
    public var groupsPerSet = 512
    /// Repositories that such a filter may name: what a set holds, at eight bytes each.
    public var repositoriesPerSet = 1_000
    /// Events for each of its groups that such a set has at least: reading fewer costs less.
    public var eventsPerGroup = 4
    /// **Bytes** of one event's JSON.
    public var eventBytes = 64 << 20

    public init() {}
}
