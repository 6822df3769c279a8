// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing
import TweetCore

@Suite struct SpendLedgerTests {
    private static let noon: Int64 = 20_000 * 86_400_000 + 43_200_000
    private static let day: Int64 = 86_400_000

    /// Ten posts cost five cents; what is included is free.
    private func ledger(cap: Int64, reserved: [SpendPurpose: Int] = [:]) -> SpendLedger {
        var prices = Prices()
        prices.isChargedForIncluded = false
        return SpendLedger(prices: prices, policy: SpendPolicy(cap: cap, reserved: reserved))
    }

    private func receipt(posts: Range<UInt64> = 0..<0, users: Range<UInt64> = 0..<0) -> Receipt {
        var receipt = Receipt()
        receipt.posts = Set(posts.map { PostID($0) })
        receipt.users = Set(users.map { UserID($0) })
        return receipt
    }

    @Test func `what is read twice a day is paid for once`() throws {
        var ledger = ledger(cap: 1_000_000)
        for _ in 0..<2 {
            let (reservation, _) = try ledger.reserve(100_000, for: .ownPosts, at: Self.noon)
            _ = ledger.settle(reservation, receipt(posts: 0..<3, users: 0..<1), at: Self.noon)
        }
        #expect(ledger.spent == 25_000 && ledger.underWay == 0)
        let (reservation, _) = try ledger.reserve(100_000, for: .ownPosts, at: Self.noon + Self.day)
        _ = ledger.settle(reservation, receipt(posts: 0..<1), at: Self.noon + Self.day)
        #expect(ledger.spent == 5_000)
    }

    @Test func `the cap holds to the cent, what is under way included`() throws {
        var ledger = ledger(cap: 50_000)
        let (first, _) = try ledger.reserve(30_000, for: .ownPosts, at: Self.noon)
        _ = try ledger.reserve(20_000, for: .ownPosts, at: Self.noon)
        // What is held may be free in a moment.
        #expect(throws: XFailure.overBudget(until: Self.noon + 2_000)) {
            try ledger.reserve(1, for: .ownPosts, at: Self.noon)
        }
        _ = ledger.settle(first, receipt(posts: 0..<4), at: Self.noon)
        _ = try ledger.reserve(10_000, for: .ownPosts, at: Self.noon)
        #expect(ledger.spent == 20_000 && ledger.underWay == 30_000)
    }

    @Test func `what midnight parts from its answer is charged today, and not remembered`() throws {
        var ledger = ledger(cap: 1_000_000)
        let midnight = 20_001 * Self.day
        let (late, _) = try ledger.reserve(50_000, for: .ownPosts, at: midnight - 1)
        let changes = ledger.settle(late, receipt(posts: 0..<2), asked: midnight - 1, at: midnight)
        #expect(ledger.spent == 10_000 && !ledger.isPaid(.post(PostID(1))))
        #expect(changes.put == [SpendRow(day: 20_001, item: .total(.ownPosts), amount: 10_000)])
        let (next, _) = try ledger.reserve(50_000, for: .ownPosts, at: midnight)
        _ = ledger.settle(next, receipt(posts: 0..<2), asked: midnight, at: midnight)
        #expect(ledger.spent == 20_000 && ledger.isPaid(.post(PostID(1))))
    }

    @Test func `when the day is spent, the next midnight is named`() throws {
        var ledger = ledger(cap: 5_000)
        let (reservation, _) = try ledger.reserve(5_000, for: .ownPosts, at: Self.noon)
        _ = ledger.settle(reservation, receipt(posts: 0..<1), at: Self.noon)
        let midnight = 20_001 * Self.day
        #expect(throws: XFailure.overBudget(until: midnight)) {
            try ledger.reserve(5_000, for: .ownPosts, at: Self.noon)
        }
        #expect(throws: XFailure.overBudget(until: nil)) {
            try ledger.reserve(5_001, for: .ownPosts, at: Self.noon)
        }
        _ = try ledger.reserve(5_000, for: .ownPosts, at: midnight)
    }

    @Test func `less important purposes leave the shares of others alone`() throws {
        var ledger = ledger(cap: 100_000, reserved: [.ownPosts: 50, .deletions: 20])
        #expect(ledger.available(for: .metrics, at: Self.noon) == 30_000)
        #expect(ledger.available(for: .references, at: Self.noon) == 50_000)
        #expect(ledger.available(for: .ownPosts, at: Self.noon) == 100_000)
        let (reservation, _) = try ledger.reserve(40_000, for: .ownPosts, at: Self.noon)
        // A share that is used is not kept a second time.
        #expect(ledger.available(for: .metrics, at: Self.noon) == 30_000)
        _ = ledger.settle(reservation, receipt(posts: 0..<12), at: Self.noon)
        #expect(ledger.available(for: .metrics, at: Self.noon) == 20_000)
    }

    @Test func `a page gets smaller when money runs short`() throws {
        var ledger = ledger(cap: 300_000)
        let (question, most) = try ledger.affordable(
            .timeline(UserID(1), PageRange()), for: .ownPosts, at: Self.noon)
        #expect(question.listedMax == 60 && most == 300_000)
        ledger.policy.cap = 24_999
        #expect(throws: XFailure.overBudget(until: nil)) {
            try ledger.affordable(.timeline(UserID(1), PageRange()), for: .ownPosts, at: Self.noon)
        }
    }

    @Test func `a look-up costs what was not paid for today`() throws {
        var ledger = ledger(cap: 20_000)
        _ = ledger.charge(receipt(posts: 0..<2), for: .ownPosts, at: Self.noon)
        let ids = (0..<4).map { PostID($0) }
        #expect(try ledger.affordable(.posts(ids), for: .metrics, at: Self.noon).most == 10_000)
        #expect(ledger.affordable(.posts, for: .metrics, at: Self.noon) == 2)
    }

    @Test func `what comes along is charged where X charges for it`() throws {
        let page = try Answers.page(Answers.full)
        var prices = Prices()
        let question = XQuestion.timeline(UserID(12), PageRange())
        #expect(Receipt(page, to: question, prices: prices).posts.count == 3)
        #expect(Receipt(page, to: question, prices: prices).users.count == 2)
        prices.isChargedForIncluded = false
        #expect(Receipt(page, to: question, prices: prices).posts.count == 1)
        #expect(Receipt(page, to: question, prices: prices).users.isEmpty)
        let owned = Receipt(page, to: question, prices: prices, owner: UserID(12))
        #expect(owned.posts.isEmpty && owned.ownedPosts.count == 1)
        let mentions = XQuestion.mentions(UserID(34), PageRange())
        #expect(Receipt(page, to: mentions, prices: prices, owner: UserID(34)).ownedPosts.count == 1)
    }

    @Test func `the stream is charged like reading`() {
        var ledger = ledger(cap: 1_000_000)
        let post = ReadPost(Snapshot(Post(id: PostID(1), text: "a")), raw: [])
        _ = ledger.charge(
            Receipt(.posted(post, users: []), prices: ledger.prices), for: .ownPosts, at: Self.noon)
        _ = ledger.charge(
            Receipt(.posted(post, users: []), prices: ledger.prices), for: .ownPosts, at: Self.noon)
        #expect(ledger.spent == 5_000)
        _ = ledger.charge(
            Receipt(.deleted(PostID(2), author: nil), prices: ledger.prices), for: .ownPosts, at: Self.noon)
        #expect(ledger.spent == 10_000)
        _ = ledger.charge(
            Receipt(.profileChanged("bio"), prices: ledger.prices), for: .ownPosts, at: Self.noon)
        #expect(ledger.spent == 10_000)
    }

    @Test func `an answer that cannot be read is paid for once a day`() throws {
        var ledger = ledger(cap: 1_000_000)
        for _ in 0..<3 {
            let (reservation, _) = try ledger.reserve(50_000, for: .ownPosts, at: Self.noon)
            _ = ledger.forfeit(reservation, request: 7, at: Self.noon)
        }
        #expect(ledger.spent == 50_000)
    }

    @Test func `what an unread answer was charged is taken back when the same is read, also after a restart`()
        throws
    {
        var ledger = ledger(cap: 1_000_000)
        var kept = Kept()
        let (lost, first) = try ledger.reserve(50_000, for: .ownPosts, at: Self.noon)
        kept.apply(first)
        kept.apply(ledger.forfeit(lost, request: 7, at: Self.noon))
        #expect(ledger.spent == 50_000 && !ledger.isExact)
        (ledger, _) = SpendLedger.restored(
            Array(kept.rows), prices: ledger.prices, policy: ledger.policy, at: Self.noon + 1_000)
        for _ in 0..<2 {
            let (again, second) = try ledger.reserve(50_000, for: .ownPosts, at: Self.noon + 1_000)
            kept.apply(second)
            kept.apply(ledger.settle(again, receipt(posts: 0..<2), request: 7, at: Self.noon + 1_000))
            #expect(ledger.spent == 10_000 && ledger.isExact)
        }
        (ledger, _) = SpendLedger.restored(
            Array(kept.rows), prices: ledger.prices, policy: ledger.policy, at: Self.noon + 2_000)
        #expect(ledger.spent == 10_000 && ledger.isExact)
    }

    @Test func `what was held at a crash counts as spent`() throws {
        var ledger = ledger(cap: 1_000_000)
        var kept = Kept()
        let (done, first) = try ledger.reserve(50_000, for: .ownPosts, at: Self.noon)
        kept.apply(first)
        kept.apply(ledger.settle(done, receipt(posts: 0..<2), at: Self.noon))
        let (_, second) = try ledger.reserve(40_000, for: .mentions, at: Self.noon)
        kept.apply(second)
        var (restored, changes) = SpendLedger.restored(
            Array(kept.rows), prices: ledger.prices, policy: ledger.policy, at: Self.noon + 1_000)
        #expect(
            restored.spent == 50_000 && restored.spent(for: .mentions) == 40_000
                && restored.isPaid(.post(PostID(1))))
        kept.apply(changes)
        (restored, changes) = SpendLedger.restored(
            Array(kept.rows), prices: ledger.prices, policy: ledger.policy, at: Self.noon + 2_000)
        #expect(restored.spent == 50_000 && changes.isEmpty)
        // The day after, nothing of it matters, and the items may go.
        (restored, changes) = SpendLedger.restored(Array(kept.rows), at: Self.noon + Self.day)
        #expect(restored.spent == 0 && changes.removed.count == 2)
    }

    /// The rows as a table keeps them.
    private struct Kept {
        var table: [String: SpendRow] = [:]
        var rows: [SpendRow] { Array(table.values) }

        mutating func apply(_ changes: SpendChanges) {
            for row in changes.put { table["\(row.day) \(row.item)"] = row }
            for row in changes.removed { table["\(row.day) \(row.item)"] = nil }
        }
    }

    @Test(arguments: 0..<20) func `in any order the books balance and the cap holds`(seed: UInt64) throws {
        var rng = SplitMix64(seed: seed)
        var ledger = ledger(cap: 400_000, reserved: [.ownPosts: 50, .references: 10])
        var kept = Kept()
        var now = Self.noon
        var open: [SpendLedger.Reservation] = []
        var truth: [Int64: Set<UInt64>] = [:]  // posts by day
        for _ in 0..<400 {
            now += Int64.random(in: 0...600_000, using: &rng)
            if Bool.random(using: &rng), open.count < 5 {
                let purpose = SpendPurpose.allCases.randomElement(using: &rng) ?? .metrics
                if let (reservation, changes) = try? ledger.reserve(
                    5_000 * Int64.random(in: 1...20, using: &rng), for: purpose, at: now)
                {
                    open.append(reservation)
                    kept.apply(changes)
                }
            } else if !open.isEmpty {
                let reservation = open.remove(at: Int.random(in: 0..<open.count, using: &rng))
                let start = UInt64.random(in: 0..<200, using: &rng)
                let count = UInt64.random(in: 0...UInt64(reservation.amount / 5_000), using: &rng)
                if Int.random(in: 0..<4, using: &rng) == 0 {
                    kept.apply(ledger.release(reservation))
                } else {
                    kept.apply(ledger.settle(reservation, receipt(posts: start..<(start + count)), at: now))
                    truth[UTCMoment.day(now), default: []].formUnion(start..<(start + count))
                }
            }
            let day = UTCMoment.day(now)
            ledger.turn(to: now)
            #expect(ledger.spent == Int64(truth[day]?.count ?? 0) * 5_000)
            #expect(ledger.spent + ledger.underWay <= 400_000)
            let (restored, _) = SpendLedger.restored(
                kept.rows, prices: ledger.prices, policy: ledger.policy, at: now)
            let heldToday = kept.rows.reduce(Int64(0)) { sum, row in
                if case .held = row.item, row.day == day { return sum + row.amount }
                return sum
            }
            #expect(restored.spent == ledger.spent + heldToday)
        }
    }
}
