// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How far a list was read: everything up to ``since`` but for the gaps.
///
/// X lists the newest first and gives a page at a time. What a page leaves unread becomes a gap in the same transaction, and is
/// drained from its upper end; so ``since`` may move at once, and a crash loses nothing.
public struct ListProgress: Hashable, Sendable {
    public private(set) var since: PostID?
    /// The lowest first; at most ``gapsMax``.
    public private(set) var gaps: [PostGap] = []

    /// More are joined: what lies between is read twice.
    static let gapsMax = 16

    public init(since: PostID? = nil, gaps: [PostGap] = []) {
        self.since = since
        self.gaps = gaps.sorted { $0.low < $1.low }
    }

    /// What a page is asked for.
    public enum Part: Hashable, Sendable {
        /// What is newer than everything that was read.
        case news
        /// What is below the upper end of the gap with this lower end.
        case gap(low: PostID)
    }

    /// What of the list a page holds, as it was answered.
    public struct PageFacts: Hashable, Sendable {
        public var count: Int
        public var newest: PostID?
        public var oldest: PostID?
        public var next: String?

        public init(count: Int, newest: PostID?, oldest: PostID?, next: String?) {
            self.count = count
            self.newest = newest
            self.oldest = oldest
            self.next = next
        }

        /// Only posts that are there count, not what the page says of itself: a number without a post, from the future, or from
        /// below what was asked for would end the list for good.
        ///
        /// - Parameters:
        ///   - low: what was asked for is above it.
        ///   - future: ids from here on are of posts that cannot have been made yet.
        public init(_ page: PostPage, above low: PostID?, before future: PostID) {
            let ids = page.posts.lazy.map(\.id).filter { id in id < future && low.map { id > $0 } ?? true }
            count = page.posts.count
            newest = ids.max()
            oldest = ids.min()
            next = page.next
        }
    }

    /// - Parameter backfill: posts wanted of a list that was never read.
    /// - Returns: `nil` where there is no such gap.
    public func range(of part: Part, backfill: Int, size: Int = 100) -> PageRange? {
        switch part {
        case .news:
            guard since == nil else { return PageRange(since: since, size: size) }
            return PageRange(size: max(1, min(size, backfill)))
        case .gap(let low):
            guard let gap = gaps.first(where: { $0.low == low }) else { return nil }
            // X wants the lower end again with each token, and the upper one with none.
            return PageRange(
                since: low.number == 0 ? nil : low, until: gap.token == nil ? gap.high : nil,
                token: gap.token,
                size: max(1, min(size, gap.left ?? size)))
        }
    }

    /// Takes in that a page was read.
    ///
    /// - Parameters:
    ///   - start: what a list that was empty when it was first read is read from.
    /// - Returns: what is to be written with the page.
    public mutating func read(
        _ part: Part, of scope: FetchScope, _ page: PageFacts, backfill: Int, start: PostID
    ) -> ListChange {
        var change = ListChange(scope)
        switch part {
        case .news: readNews(page, backfill, start, &change)
        case .gap(let low): readGap(low, page, &change)
        }
        if gaps.count > Self.gapsMax { join(&change) }
        return change
    }

    private mutating func readNews(
        _ page: PageFacts, _ backfill: Int, _ start: PostID, _ change: inout ListChange
    ) {
        let low = since ?? PostID(0)
        let left = since == nil ? backfill - page.count : nil
        if let newest = page.newest ?? (since == nil ? start : nil), newest > low {
            since = newest
            change.advance = newest
        }
        guard let next = page.next, left ?? 1 > 0, let newest = since, newest > low else { return }
        // A page without posts and with a successor: everything up to the newest is still to come.
        let high = page.oldest ?? PostID(newest.number &+ 1)
        let gap = PostGap(low: low, high: high, token: next, left: left)
        gaps.removeAll { $0.low == low }
        gaps.append(gap)
        gaps.sort { $0.low < $1.low }
        change.gaps.append(gap)
    }

    private mutating func readGap(_ low: PostID, _ page: PageFacts, _ change: inout ListChange) {
        guard let at = gaps.firstIndex(where: { $0.low == low }) else { return }
        var gap = gaps[at]
        gap.left = gap.left.map { $0 - page.count }
        let high = min(gap.high, page.oldest ?? gap.high)
        guard let next = page.next, gap.left ?? 1 > 0, high.number > low.number + 1 else {
            gaps.remove(at: at)
            change.closed.append(low)
            return
        }
        gap.high = high
        gap.token = next
        gaps[at] = gap
        change.gaps.append(gap)
    }

    /// The two lowest become one: what was read between them is read again.
    private mutating func join(_ change: inout ListChange) {
        let (low, high) = (gaps[0], gaps[1])
        let joined = PostGap(
            low: low.low, high: high.high, token: high.token,
            left: low.left == nil || high.left == nil ? nil : low.left.map { $0 + (high.left ?? 0) })
        gaps.replaceSubrange(0...1, with: [joined])
        change.closed.append(high.low)
        change.gaps.removeAll { $0.low == high.low || $0.low == low.low }
        change.gaps.append(joined)
    }

    /// X does not remember where the next page of a gap begins: it is asked for by its ids.
    public mutating func forgetToken(ofGap low: PostID) {
        guard let at = gaps.firstIndex(where: { $0.low == low }) else { return }
        gaps[at].token = nil
    }

    /// The list cannot be read from where it was left, as that is too long ago (search goes back seven days).
    ///
    /// - Returns: what is to be written; and what is lost to this list.
    public mutating func restart(at id: PostID, of scope: FetchScope) -> (change: ListChange, lost: PostGap?)
    {
        var change = ListChange(scope)
        let lost = since.flatMap { $0 < id ? PostGap(low: $0, high: id) : nil }
        for (index, gap) in gaps.enumerated().reversed() where gap.low < id {
            change.closed.append(gap.low)
            gaps.remove(at: index)
            guard gap.high > id else { continue }
            let rest = PostGap(low: id, high: gap.high)
            gaps.insert(rest, at: index)
            change.gaps.append(rest)
        }
        if since.map({ $0 < id }) ?? true {
            since = id
            change.advance = id
        }
        return (change, lost)
    }

    /// Posts above this wait for a gap to be drained, so that the oldest is mirrored first; `nil`: none do.
    public var ceiling: PostID? { gaps.first?.low }
}
