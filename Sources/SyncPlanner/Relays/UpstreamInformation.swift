// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What an upstream says of itself (NIP-11); what it does not say is `nil`.
public struct UpstreamInformation: Hashable, Sendable {
    // `limitation`.
    public var maxSubscriptions: Int?
    public var maxFilters: Int?
    public var maxLimit: Int?
    public var defaultLimit: Int?
    /// **Bytes** of one message.
    public var maxMessageLength: Int?
    /// **Characters** of a subscription id.
    public var maxSubidLength: Int?
    public var authRequired: Bool?
    public var paymentRequired: Bool?

    public var supportedNIPs: [Int] = []
    public var software: String?

    public init() {}
}

/// What one upstream lets us ask: what it says, within what is reasonable.
public struct UpstreamLimits: Hashable, Sendable {
    /// Subscriptions open at once. Of one alone, none is live: everything is read in rounds.
    public var maxSubscriptions: Int
    /// Filters in one `REQ`.
    public var maxFilters: Int
    /// Events asked for in one page, each filter.
    public var pageSize: Int
    /// The highest `limit` tried when one second holds more than a page.
    public var pageSizeMax: Int
    /// Bytes of one message to it.
    public var maxMessageLength: Int

    /// Ids of one second that are remembered to tell what is new in it.
    static let idsOfSecondMax = 20_000
    /// **Bytes** of live subscriptions; less is no room that a relay would have run out of.
    static let leastRoom = 256 * 1024
    /// No event is shorter than this: who says so means something else.
    static let shortestMessage = 512

    public init(
        maxSubscriptions: Int = 20, maxFilters: Int = 16, pageSize: Int = 500, pageSizeMax: Int = 5000,
        maxMessageLength: Int = 128 * 1024
    ) {
        self.maxSubscriptions = max(1, maxSubscriptions)
        self.maxFilters = max(1, maxFilters)
        self.pageSize = max(1, pageSize)
        self.pageSizeMax = max(self.pageSize, pageSizeMax)
        self.maxMessageLength = max(Self.shortestMessage, maxMessageLength)
    }

    /// What it says is obeyed; beyond some measure nothing is gained by using more of what it offers.
    init(_ information: UpstreamInformation) {
        let usual = Self()
        let mostEvents = information.maxLimit.map { max(1, $0) } ?? usual.pageSizeMax
        self.init(
            maxSubscriptions: min(information.maxSubscriptions ?? usual.maxSubscriptions, 300),
            maxFilters: min(information.maxFilters ?? usual.maxFilters, 100),
            pageSize: min(usual.pageSize, mostEvents), pageSizeMax: min(usual.pageSizeMax, mostEvents),
            maxMessageLength: min(information.maxMessageLength ?? usual.maxMessageLength, 1 << 20))
    }

    /// Subscriptions kept for histories: the rest is for live ones, less one to rewrite them without a gap. Where there
    /// are few, that one and the history take turns.
    public var historySubscriptions: Int { max(1, min(4, maxSubscriptions / 4)) }
    public var liveSubscriptions: Int {
        maxSubscriptions < 8 ? maxSubscriptions - 1 : maxSubscriptions - historySubscriptions - 1
    }
}
