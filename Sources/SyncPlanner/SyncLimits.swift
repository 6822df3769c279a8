// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Every bound of the planner. What goes over one is counted, never silently lost.
public struct SyncLimits: Hashable, Sendable {
    /// Relays known at once; bootstrap relays come first.
    public var relaysMax = 2000
    /// Relays taken from one announcement, its clone URLs included.
    public var relaysPerAnnouncementMax = 20
    /// Root events remembered of one repository.
    public var rootsPerRepositoryMax = 20_000
    /// Root events remembered of all repositories.
    public var rootsMax = 200_000
    /// People whose deletions are asked for, of one repository.
    public var authorsPerRepositoryMax = 2000
    /// Repositories that one root event may count for.
    public var repositoriesPerRootMax = 16
    /// Batches in flight with one relay, each of one history subscription.
    public var batchesPerRelayMax = 4
    /// Events of one relay that wait for their verdict before its socket is no longer read.
    public var unjudgedPerRelayMax = 2000
    /// **Bytes** of those events.
    public var unjudgedBytesPerRelayMax = 4 << 20
    /// The same for all relays together: what the one door takes from upstreams, with room to spare.
    public var unjudgedMax = 12_000
    public var unjudgedBytesMax = 24 << 20
    /// Events handed to the one door together.
    public var eventsPerSubmissionMax = 500
    /// Pages of one history before it counts as endless.
    public var pagesPerBatchMax = 10_000
    /// How far references of references are followed (L4).
    public var referenceDepthMax = 3
    /// References remembered as asked; beyond it no more are chased.
    public var referencesMax = 50_000
    /// References taken from one event.
    public var referencesPerEventMax = 100
    /// Bytes of an identifier; a repository with a longer one is not followed.
    public var identifierLengthMax = 1024
    /// A page shorter than this is the last one: no relay caps its answers so low.
    public var smallestCap = 10
    /// Relays dialled at the same time.
    public var dialsMax = 64
    /// Values of one condition (`#a`, `#e`, `#d`, `authors`).
    public var valuesPerFilter = 100
    /// Ids of one L4 filter.
    public var idsPerFilter = 300
    /// Roots or addresses in one question to our own store.
    public var valuesPerStoreQuestion = 100
    /// Questions to our own store that are unanswered at once.
    public var storeQuestionsMax = 4

    public init() {}
}

/// What one upstream lets us ask: from its NIP-11 where it says so.
public struct UpstreamLimits: Hashable, Sendable {
    /// Subscriptions open at once.
    public var maxSubscriptions: Int
    /// Filters in one `REQ`; at least the four that one repository needs.
    public var maxFilters: Int
    /// Events asked for in one page, each filter.
    public var pageSize: Int
    /// The highest `limit` tried when one second holds more than a page.
    public var pageSizeMax: Int
    /// Bytes of one message to it.
    public var maxMessageLength: Int

    public init(
        maxSubscriptions: Int = 20, maxFilters: Int = 10, pageSize: Int = 500, pageSizeMax: Int = 5000,
        maxMessageLength: Int = 128 * 1024
    ) {
        self.maxSubscriptions = max(3, maxSubscriptions)
        self.maxFilters = max(4, maxFilters)
        self.pageSize = max(1, pageSize)
        self.pageSizeMax = max(self.pageSize, pageSizeMax)
        self.maxMessageLength = max(4096, maxMessageLength)
    }

    /// Subscriptions kept for histories: the rest is for live ones, less one to rewrite them without a gap.
    public var historySubscriptions: Int { max(1, min(4, maxSubscriptions / 4)) }
    public var liveSubscriptions: Int { max(1, maxSubscriptions - historySubscriptions - 1) }
}
