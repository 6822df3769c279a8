// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import RepositoryRules
import TestSupport
import Testing

@testable import Ingest

/// Retention against a store, through the one door.
@Suite struct RetentionRunTests {
    private static let day: Int64 = 86_400

    private func run(_ door: Door, _ plan: RetentionPlan) async throws -> [RetentionRun.Doomed] {
        var run = RetentionRun(plan, at: Door.noon)
        var gone: [RetentionRun.Doomed] = []
        while let page = try run.next(in: door.store) {
            guard !page.isEmpty else { continue }
            let order = RemovalOrder(ids: page.map(\.id), sparesLinksFrom: run.linked.ceiling)
            #expect(await door.ingest.remove(order) == page.count)
            gone += page
        }
        return gone
    }

    @Test func `what is old goes, and what belongs to a repository stays`() async throws {
        let door = try Door()
        let root = Event.fixture(
            kind: 30617, at: Door.noon.seconds - 900 * Self.day, tags: [.of("d", "r")], by: 1)
        let address = "30617:\(TestKey.publicKey(1).hex):r"
        let old = Door.noon.seconds - 100 * Self.day
        let issue = Event.fixture(kind: 1621, at: old, tags: [.of("a", address)], by: 2)
        let reply = Event.fixture(kind: 1, at: old, tags: [.of("e", issue.id.hex)], by: 3)
        let deletion = Event.fixture(
            kind: 5, at: old, tags: [.of("e", String(repeating: "a", count: 64))], by: 3)
        let profile = Event.fixture(kind: 0, at: old, by: 3)
        let stale = (0..<450).map { Event.fixture(at: old, content: "stale \($0)", by: 4) }
        let fresh = Event.fixture(at: Door.noon.seconds - 5, content: "fresh", by: 4)
        let kept = [root, issue, reply, deletion, profile, fresh]
        for batch in [stale, kept] {
            let parsed = try batch.map { try Event.parse($0.json) }
            #expect(
                await door.ingest.submit(parsed, from: .importer).allSatisfy {
                    if case .stored = $0 { true } else { false }
                })
        }
        let gone = try await run(door, RetentionPlan(rules: [try RetentionRule("30d")]))
        #expect(Set(gone.map(\.id)) == Set(stale.map(\.id)))
        let left = try door.store.events(matching: [Filter()], now: Door.noon)
        #expect(Set(left.map(\.id)) == Set(kept.map(\.id)))
        #expect(try await run(door, RetentionPlan(rules: [try RetentionRule("30d")])).isEmpty)
    }

    @Test func `too large a store loses its oldest events, a few too few rather than too many`() async throws
    {
        let door = try Door()
        let events = (0..<2_000).map {
            Event.fixture(
                at: 1_600_000_000 + Int64($0), content: String(repeating: "x", count: 400) + "\($0)")
        }
        _ = await door.ingest.submit(try events.map { try Event.parse($0.json) }, from: .importer)
        let before = try LiveBytes.all(of: door.store)
        let gone = try await run(door, RetentionPlan(sizeMax: before / 2))
        #expect(!gone.isEmpty && gone.count <= 1_100)
        #expect(gone.map(\.id) == events.prefix(gone.count).map(\.id))
        #expect(gone.allSatisfy { $0.reason == .size })
        #expect(try door.store.check().isSound)
    }

    @Test func `an order that spares news leaves what news refer to`() async throws {
        let door = try Door()
        let old = Event.fixture(content: "old")
        let news = Event.fixture(tags: [.of("e", old.id.hex)], content: "news")
        _ = await door.ingest.submit(try [old, news].map { try Event.parse($0.json) }, from: .importer)
        #expect(await door.ingest.remove(RemovalOrder(ids: [old.id], sparesLinksFrom: 2)) == 0)
        #expect(await door.ingest.remove(RemovalOrder(ids: [old.id], leavesTombstones: true)) == 1)
        #expect(
            await door.ingest.submit([try Event.parse(old.json)], from: .importer) == [.rejected(.deleted)])
    }
}
