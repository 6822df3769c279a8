// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Posts of a list that were not read yet: those between two ids, both exclusive. Kept until it is drained, over restarts.
public struct PostGap: Hashable, Sendable, Codable {
    /// 0: to the beginning of the list. No two gaps of a list have the same.
    public var low: PostID
    public var high: PostID
    /// Where the next page begins; holds only as long as X remembers it, so it is not kept over restarts.
    public var token: String?
    /// How many more posts are wanted of it; `nil`: all.
    public var left: Int?

    public init(low: PostID, high: PostID, token: String? = nil, left: Int? = nil) {
        self.low = low
        self.high = high
        self.token = token
        self.left = left
    }
}

/// What reading a page changes about its list; written in the transaction that keeps the page.
public struct ListChange: Hashable, Sendable {
    public var scope: FetchScope
    /// `since_id` becomes this, unless it is further already.
    public var advance: PostID?
    /// The lower ends of gaps that are no more.
    public var closed: [PostID] = []
    /// Gaps that are new or smaller now, by their lower ends.
    public var gaps: [PostGap] = []

    public init(_ scope: FetchScope) { self.scope = scope }
}
