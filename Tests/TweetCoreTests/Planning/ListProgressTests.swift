// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import TweetCore

/// Lists that are read a page at a time, the newest first: nothing is left out, whatever comes between.
@Suite struct ListProgressTests {
    private let scope = FetchScope.timeline(UserID(1))

    private func page(_ ids: [UInt64], next: String? = nil) -> ListProgress.PageFacts {
        ListProgress.PageFacts(
            count: ids.count, newest: ids.max().map(PostID.init), oldest: ids.min().map(PostID.init),
            next: next)
    }

    private func read(
        _ list: inout ListProgress, _ part: ListProgress.Part, _ page: ListProgress.PageFacts,
        backfill: Int = 20
    ) -> ListChange {
        list.read(part, of: scope, page, backfill: backfill, start: PostID(7))
    }

    private func read(_ list: inout ListProgress, _ page: ListProgress.PageFacts, backfill: Int = 20)
        -> ListChange
    {
        read(&list, .news, page, backfill: backfill)
    }

    @Test func `a page that is the last moves the cursor`() {
        var list = ListProgress(since: PostID(10))
        let change = read(&list, page([12, 15]))
        #expect(change.advance == PostID(15))
        #expect(change.gaps.isEmpty && change.closed.isEmpty)
        #expect(list.since == PostID(15))
        #expect(list.ceiling == nil)
    }

    @Test func `what a page says of itself, is below what was asked, or from the future moves nothing`() {
        var list = ListProgress(since: PostID(10))
        var lie = PostPage()
        (lie.newest, lie.oldest) = (PostID(.max), PostID(1))
        func facts() -> ListProgress.PageFacts {
            ListProgress.PageFacts(lie, above: PostID(10), before: PostID(1_000))
        }
        #expect(read(&list, facts()) == ListChange(scope))
        lie.posts = [2, 12, 5_000].map { id in
            ReadPost(Snapshot(Post(id: PostID(id), text: "")), raw: [])
        }
        lie.next = "t"
        let change = read(&list, facts())
        #expect(change.advance == PostID(12))
        #expect(change.gaps == [PostGap(low: PostID(10), high: PostID(12), token: "t")])
    }

    @Test func `nothing new leaves the cursor where it is`() {
        var list = ListProgress(since: PostID(10))
        let change = read(&list, page([]))
        #expect(change == ListChange(scope))
        #expect(list.since == PostID(10))
    }

    @Test func `what a page leaves unread is a gap from the same moment on`() {
        var list = ListProgress(since: PostID(10))
        let change = read(&list, page([90, 100], next: "t"))
        #expect(change.advance == PostID(100))
        #expect(change.gaps == [PostGap(low: PostID(10), high: PostID(90), token: "t")])
        #expect(
            list.range(of: .gap(low: PostID(10)), backfill: 0) == PageRange(since: PostID(10), token: "t"))
        #expect(list.ceiling == PostID(10))
    }

    @Test func `a gap is drained from above, and gone when there is no further page`() {
        var list = ListProgress(since: PostID(10))
        _ = read(&list, page([90, 100], next: "t"))
        var change = read(&list, .gap(low: PostID(10)), page([50, 60], next: "u"))
        #expect(change.gaps == [PostGap(low: PostID(10), high: PostID(50), token: "u")])
        #expect(change.advance == nil)
        // A page without posts is not the end.
        change = read(&list, .gap(low: PostID(10)), page([], next: "v"))
        #expect(change.gaps == [PostGap(low: PostID(10), high: PostID(50), token: "v")])
        change = read(&list, .gap(low: PostID(10)), page([11]))
        #expect(change.closed == [PostID(10)])
        #expect(list.gaps.isEmpty)
    }

    @Test func `without a token a gap is asked for by its ends`() {
        var list = ListProgress(
            since: PostID(100), gaps: [PostGap(low: PostID(10), high: PostID(90), token: "t")])
        list.forgetToken(ofGap: PostID(10))
        #expect(
            list.range(of: .gap(low: PostID(10)), backfill: 0)
                == PageRange(since: PostID(10), until: PostID(90)))
    }

    @Test func `a list that was never read is read back so far, and no further`() {
        var list = ListProgress()
        #expect(list.range(of: .news, backfill: 20)?.size == 20)
        let change = read(&list, page(Array(81...100), next: "t"))
        #expect(change.advance == PostID(100))
        #expect(change.gaps.isEmpty)

        var longer = ListProgress()
        let first = read(&longer, page(Array(1...100), next: "t"), backfill: 150)
        #expect(first.gaps == [PostGap(low: PostID(0), high: PostID(1), token: "t", left: 50)])
        #expect(longer.range(of: .gap(low: PostID(0)), backfill: 150)?.size == 50)
        #expect(longer.range(of: .gap(low: PostID(0)), backfill: 150)?.since == nil)
    }

    @Test func `an empty list is read from now on`() {
        var list = ListProgress()
        #expect(read(&list, page([])).advance == PostID(7))
        #expect(list.since == PostID(7))
    }

    @Test func `a second burst is a gap of its own`() {
        var list = ListProgress(since: PostID(10))
        _ = read(&list, page([90, 100], next: "t"))
        _ = read(&list, page([190, 200], next: "u"))
        #expect(list.gaps.map(\.low) == [PostID(10), PostID(100)])
        #expect(list.ceiling == PostID(10))
    }

    @Test func `so many gaps become one, and nothing between them is given up`() {
        var list = ListProgress(since: PostID(1))
        for burst in UInt64(1)...40 {
            _ = read(&list, page([burst * 1000 + 900, burst * 1000 + 999], next: "t\(burst)"))
            #expect(list.gaps.count <= ListProgress.gapsMax)
        }
        #expect(list.gaps.first?.low == PostID(1))
    }

    @Test func `what a search has forgotten is lost to it, and said to be`() {
        var list = ListProgress(
            since: PostID(100),
            gaps: [PostGap(low: PostID(10), high: PostID(90)), PostGap(low: PostID(95), high: PostID(99))]
        )
        let (change, lost) = list.restart(at: PostID(50), of: scope)
        #expect(change.closed == [PostID(10)])
        #expect(list.gaps.map(\.low) == [PostID(50), PostID(95)])
        #expect(lost == nil && change.advance == nil)
        let (second, gone) = list.restart(at: PostID(200), of: scope)
        #expect(second.advance == PostID(200))
        #expect(gone == PostGap(low: PostID(100), high: PostID(200)))
        #expect(list.gaps.isEmpty)
    }
}
