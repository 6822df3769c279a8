// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

/// The two steps of mirroring, by a process that ends at any of its submissions and is started again.
@Suite struct CrashTests {
    private static let posts = (1...60).map { UInt64($0) }
    private static let pageSize: UInt64 = 7
    private let relays = try! [RelayURL("wss://a.test"), RelayURL("wss://b.test")]

    /// What X would say: the newest first, between two ends that are exclusive.
    private func page(above low: UInt64, below high: UInt64?) -> [ReadPost] {
        let ids = Self.posts.filter { $0 > low && $0 < high ?? .max }.reversed()
        return ids.prefix(Int(Self.pageSize)).map { ReadPost.fixture($0) }
    }

    /// One run: reads one page and leaves the rest as a gap, drains gaps, mirrors what waits, sends it, deletes every tenth.
    private func run(_ world: BridgeWorld, epoch: UInt32, wire: Wire) async throws {
        let scope = FetchScope.timeline(UserID(10))
        let since = try world.store.cursor(scope) ?? PostID(0)
        let newest = page(above: since.number, below: nil)
        if let first = newest.first, let last = newest.last {
            try await keep(
                newest, in: world, CursorChange(scope, advance: first.id), low: since, high: last.id)
        }
        while let gap = try world.store.gaps(scope).last {
            let older = page(above: gap.low.number, below: gap.high.number)
            try await keep(
                older, in: world, CursorChange(scope), low: gap.low, high: older.last?.id ?? PostID(0))
        }
        while let todo = try world.store.todo(limit: 1).first {
            let text = "hello under \(epoch)"
            let event = Event.mirroring(todo.post.number, text: text)
            let result = try await world.store.publish(.of(todo.post.number, event: event, relays: relays))
            #expect(result == .published([event.id]))
        }
        for number in Self.posts where number % 10 == 0 {
            guard let mirror = try world.store.mirror(PostID(number)), let id = mirror.id, mirror.isStanding
            else { continue }
            let deletion = Event.fixture(kind: .deletion, tags: [.of("e", id.hex)], by: 10)
            _ = try await world.store.publish(Publication([.init(deletion, .deletion(of: [id]))]))
        }
        for relay in try world.store.relays() {
            while case let claimed = try await world.store.claim(for: relay.number, limit: 5, patience: 10),
                !claimed.isEmpty
            {
                for event in claimed { wire.send(event.event, to: relay.number) }
                try await world.store.settle(
                    Dictionary(uniqueKeysWithValues: claimed.map { ($0.event.id, .accepted) }),
                    at: relay.number)
            }
        }
    }

    private func keep(
        _ page: [ReadPost], in world: BridgeWorld, _ change: CursorChange, low: PostID, high: PostID
    ) async throws {
        var change = change
        let isRest = Self.posts.contains { $0 > low.number && $0 < high.number }
        if isRest, !page.isEmpty {
            change.gaps = [GapRow(change.scope, low: low, high: high, at: world.now)]
        } else {
            change.closed = [low]
        }
        _ = try await world.store.store(
            page, cursor: change, todo: page.map { TodoRequest($0.id) })
    }

    /// What the relays have seen.
    private final class Wire: Sendable {
        let seen = NIOLockedValueBox<[UInt32: [EventID: [UInt8]]]>([:])

        func send(_ event: Event, to relay: UInt32) {
            seen.withLockedValue { seen in
                let before = seen[relay, default: [:]].updateValue(event.json, forKey: event.id)
                #expect(before == nil || before == event.json)
            }
        }
    }

    @Test(arguments: 0..<20)
    func
        `whenever the process ends, no post is lost, none is mirrored twice and each relay has the right set`(
            seed: UInt64
        )
        async throws
    {
        let chance = NIOLockedValueBox(SplitMix64(seed: seed))
        let directory = try TemporaryDirectory()
        let wire = Wire()
        var starts: UInt32 = 0
        var now = BridgeWorld.noon
        while true {
            starts += 1
            // Ever less likely, so that it comes to an end.
            let odds = Int(starts) + 2
            let world = try await BridgeWorld.again(in: directory, at: now) {
                chance.withLockedValue { chance in
                    switch Int.random(in: 0..<odds, using: &chance) {
                    case 0: .before
                    case 1: .after
                    default: .none
                    }
                }
            }
            do {
                // Each start converts in another way: what is mirrored must not follow.
                try await run(world, epoch: starts, wire: wire)
                try check(world, wire)
                await world.ingest.shutdown()
                break
            } catch let error as BridgeStoreError {
                #expect(error == .failed("the process ends here"))
                await world.ingest.shutdown()
                now = world.now + 1_000
            }
        }
        #expect(starts > 1)
    }

    private func check(_ world: BridgeWorld, _ wire: Wire) throws {
        #expect(try world.store.cursor(.timeline(UserID(10)))?.number == Self.posts.last)
        #expect(try world.store.allGaps().isEmpty && world.store.todo(limit: 1).isEmpty)
        let mirrors = try world.store.mirrors(limit: 1_000)
        #expect(mirrors.map(\.0.number) == Self.posts)
        let standing = Set(mirrors.filter(\.1.isStanding).compactMap(\.1.id))
        #expect(standing.count == Self.posts.count - Self.posts.count / 10)
        let stored = try world.events.events(matching: [Filter()], now: .epoch)
        #expect(Set(stored.filter { $0.kind == .textNote }.map(\.id)) == standing)
        #expect(stored.filter { $0.kind == .deletion }.count == Self.posts.count / 10)
        for relay in try world.store.relays() {
            let seen = wire.seen.withLockedValue { $0[relay.number] ?? [:] }
            #expect(standing.isSubset(of: seen.keys))
            let deleted = Set(mirrors.filter { !$0.1.isStanding }.compactMap(\.1.id))
            for id in deleted where seen[id] != nil {
                let deletion = mirrors.first { $0.1.id == id }?.1.deletion
                #expect(seen.keys.contains { $0.hex == deletion })
            }
            #expect(try world.store.nextDelivery(to: relay.number) == nil)
        }
    }
}
