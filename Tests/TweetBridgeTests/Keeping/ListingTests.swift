// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct ListingTests {
    private let ada = UserID(7)
    private let bob = UserID(8)

    private func post(_ number: UInt64, by author: UserID) -> ReadPost {
        var post = Post(id: PostID(number), text: "post \(number)")
        post.author = author
        return ReadPost(Snapshot(post), raw: [])
    }

    @Test func `posts are listed from the newest on, page by page, whatever lies between`() async throws {
        var limits = BridgeStoreLimits()
        limits.page = 8
        let world = try BridgeWorld(limits: limits)
        var chance = SplitMix64(seed: 3)
        // Crowds and deserts: numbers of all lengths, and many next to each other.
        var numbers: Set<UInt64> = Set((0..<40).map { 2_000_000_000_000_000_000 + $0 })
        while numbers.count < 120 {
            let length = UInt64.random(in: 4...62, using: &chance)
            numbers.insert(.random(in: 1...(1 << length), using: &chance))
        }
        for some in numbers.sorted().chunks(of: 20) {
            _ = try await world.store.store(some.map { post($0, by: $0 % 2 == 0 ? ada : bob) })
        }
        let expected = numbers.sorted(by: >)
        for author in [nil, ada] {
            var (found, query) = ([UInt64](), PostQuery())
            query.limit = 7
            query.author = author
            repeat {
                let (posts, next) = try world.store.list(query)
                found += posts.map(\.id.number)
                query.before = next
            } while query.before != nil
            #expect(found == expected.filter { author == nil || $0 % 2 == 0 })
        }
        await world.ingest.shutdown()
    }

    @Test func `a list is cut to a state and a day`() async throws {
        let world = try BridgeWorld()
        let day = PostID.first(at: BridgeWorld.noon).number
        _ = try await world.store.store(
            [post(day - 1, by: ada), post(day + 1, by: ada), post(day + 2, by: ada)],
            todo: [TodoRequest(PostID(day + 1))], skipped: [PostID(day + 2): "no"])
        var query = PostQuery()
        query.since = BridgeWorld.noon
        #expect(try world.store.list(query).posts.map(\.standing) == [.skipped, .waiting])
        query.standing = .waiting
        #expect(try world.store.list(query).posts.map(\.id) == [PostID(day + 1)])
        #expect(try world.store.list(PostQuery()).posts.last?.standing == .read)
        await world.ingest.shutdown()
    }

    @Test func `an account's own rules begin with the usual ones, and go back to them`() {
        var row = AccountRow(id: ada, handle: "ada", addedAt: 0)
        var usual = MirrorRules()
        usual.wordsOut = ["spam"]
        var change = AccountChange()
        #expect(change.isEmpty)
        change.rules.since = .of(5)
        change.interval = .of(9_000)
        change.isActive = false
        change.apply(to: &row, usual: usual)
        #expect(row.policy.filter?.wordsOut == ["spam"] && row.policy.filter?.since == 5)
        #expect(!row.isActive && row.disabledBecause != nil && row.interval == 9_000)
        var back = AccountChange()
        back.rules.since = .nothing
        back.apply(to: &row, usual: MirrorRules())
        #expect(row.policy.filter == usual && row.interval == 9_000)
        back = AccountChange()
        back.inheritsRules = true
        back.isActive = true
        back.interval = .nothing
        back.apply(to: &row, usual: usual)
        #expect(row.policy.filter == nil && row.isActive && row.interval == nil)
    }
}
