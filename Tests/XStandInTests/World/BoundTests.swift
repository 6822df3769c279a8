// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct BoundTests {
    @Test func `a dictionary with a bound forgets its oldest`() {
        var bounded = Bounded<Int, String>()
        for number in 0..<5 { bounded.set(number, "\(number)", bound: 3) }
        bounded.set(2, "two", bound: 3)
        #expect(bounded.all == [2: "two", 3: "3", 4: "4"])
        bounded.update(3) { $0 += "!" }
        bounded.update(9) { $0 += "!" }
        #expect(bounded[3] == "3!" && bounded.count == 3)
    }

    @Test func `budgets are as many as there may be`() {
        var buckets = RateBuckets()
        let now = XWorld.virtualStart
        for number in 0..<10 {
            _ = buckets.take(
                .init(credential: "user:\(number)", route: .me), limit: 5, window: .seconds(900),
                now: now + .seconds(Int64(number)), bound: 4)
        }
        #expect(Set(buckets.buckets.keys.map(\.credential)) == ["user:6", "user:7", "user:8", "user:9"])
    }

    @Test func `sums are kept of so many days`() {
        var limits = XStandInLimits()
        limits.spendDays = 10
        var spend = SpendCounter()
        for day in Int64(0)..<50 { spend.bill(.postRead, 1, price: 5_000, on: day, limits: limits) }
        #expect(spend.byDay.keys.sorted() == Array(Int64(40)..<50))
        #expect(spend.total == 250_000)
    }

    @Test func `resources beyond what is remembered are billed each time`() {
        var limits = XStandInLimits()
        limits.billedPerDay = 1
        var spend = SpendCounter()
        for id: UInt64 in [1, 2, 1, 2] { spend.bill(.postRead, id, price: 1, on: 0, limits: limits) }
        #expect(spend.total == 3)
    }

    @Test func `the log counts routes that there are, whatever is asked for`() throws {
        var (world, _) = try XWorld.withAda()
        for number in 0..<50 {
            _ = world.send("M\(number)", "/2/oauth2/\(number)")
            _ = world.send("M\(number)", "/media/\(number)")
            _ = world.send("M\(number)", "/t.co/\(number)")
            _ = world.get("/2/tweets/\(number + 1)")
        }
        #expect(Set(world.requests.counts.keys) == ["other", "/media/:path", "t.co", "GET /2/tweets/:id"])
    }

    @Test func `a change that tells streams too much at once drops them`() throws {
        var limits = XStandInLimits()
        limits.waitingEvents = 3
        var (world, ada) = try XWorld.withAda(limits: limits)
        try world.subscribe(to: "post.create", of: ada)
        _ = world.get("/2/activity/stream")
        for number in 0..<5 { try world.post("\(number)", by: ada) }
        let (lines, ending) = world.takeDeliveries()
        #expect(lines.count == 3 && ending.count == 1 && world.openStreams == 0)
    }

    @Test func `lists of what is deleted take no room`() throws {
        var (world, ada) = try XWorld.withAda()
        let bob = try world.addUser("bob")
        let root = try world.post("@bob root", by: ada)
        let others = [try world.post(XDraft("q", quoting: root), by: bob), try world.repost(root, by: bob)]
        try world.delete(others[0])
        try world.delete(root)
        #expect(world.posts.isEmpty && world.index.all.isEmpty && world.index.byAuthor.isEmpty)
        #expect(
            world.index.mentioning.isEmpty && world.index.quoting.isEmpty && world.index.reposting.isEmpty)
        #expect(world.index.byConversation.isEmpty)
    }
}
