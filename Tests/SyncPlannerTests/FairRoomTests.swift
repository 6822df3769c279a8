// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import TestSupport
import Testing

@testable import SyncPlanner

/// Where not everything has room, nobody is crowded out by somebody who wants very much.
@Suite struct FairRoomTests {
    private let modest = Event.announcement("modest", by: 1, on: [Scene.a])
    private let vast = Event.announcement("vast", by: 3, on: [Scene.a])

    private func issues(_ count: Int, of repository: Event, from time: Int64 = 1_700_000_100) -> [Event] {
        (0..<count).map { .issue(of: repository, at: time + Int64($0)) }
    }

    /// Two live subscriptions of 4,000 bytes: some forty issues have room.
    private func scene(_ stored: [Event]) -> Scene {
        var scene = Scene(stored: stored)
        scene.information = UpstreamInformation()
        scene.information?.maxSubscriptions = 3
        scene.information?.maxMessageLength = 4000
        return scene
    }

    private func items(_ events: [Event]) -> Set<SyncItem> { Set(events.map { .root($0.id) }) }

    /// What a live subscription that is open asks for by `#E`.
    private func live(_ scene: Scene) -> Set<SyncItem> {
        let values = scene.open(Scene.a, "l").flatMap(\.filters).flatMap { $0.values(of: "E") ?? [] }
        return Set(values.compactMap { EventID(hex: $0.string).map(SyncItem.root) })
    }

    @Test func `one who wants little is followed live, however much another wants`() throws {
        let (few, many) = (issues(5, of: modest), issues(300, of: vast))
        var scene = scene([modest, vast] + few + many)
        scene.answerAll(Scene.a)
        let entry = try #require(scene.planner.relays[Scene.a])
        #expect(entry.status == .connected)
        #expect(entry.isReadInRounds)
        #expect(entry.health == .degraded)
        #expect(
            entry.lastFailure
                == "limits: no room to follow \(entry.inRounds.count) of 311 items live, read in rounds")
        let live = live(scene)
        #expect(live.isSuperset(of: items(few)))
        // The rest of the room is used.
        #expect(live.count > 25)
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test func `a round reads what is not followed live, and nothing else`() throws {
        let (few, many) = (issues(5, of: modest), issues(300, of: vast))
        var scene = scene([modest, vast] + few + many)
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        let live = live(scene)
        scene.effects(keeping: link)
        for _ in 0..<50 {
            scene.wait(.seconds(10))
            scene.answer(link)
        }
        let opened = scene.effects.compactMap { effect -> (id: SubscriptionID, filters: [Filter])? in
            if case .open(_, let id, let filters) = effect { (id, filters) } else { nil }
        }
        let asked = opened.filter { $0.id.text.string.hasPrefix("h") }.flatMap(\.filters)
        let again = Set(
            asked.flatMap { $0.values(of: "E") ?? [] }.compactMap {
                EventID(hex: $0.string).map(SyncItem.root)
            })
        #expect(again == items(many).subtracting(live))
        #expect(asked.allSatisfy { $0.since != nil })
        #expect(!opened.contains { $0.id.text.string.hasPrefix("l") }, "what is live stays as it is")
        #expect(scene.status(Scene.a) == .connected)
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test func `one who comes when all is taken is read at once, and live with the next round`() throws {
        let many = issues(300, of: vast)
        var scene = scene([vast] + many)
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        #expect(live(scene).count > 25)
        let few = issues(5, of: modest)
        scene.commit(modest)
        scene.wait(.seconds(6))
        for event in few { scene.commit(event) }
        scene.wait(.seconds(6))
        scene.answer(link)
        #expect(scene.planner.confirmed(at: Scene.a).isSuperset(of: items(few)))
        #expect(live(scene).isDisjoint(with: items(few)))
        for _ in 0..<50 {
            scene.wait(.seconds(10))
            scene.answer(link)
        }
        #expect(live(scene).isSuperset(of: items(few)))
        #expect(live(scene).count > 25)
        #expect(scene.status(Scene.a) == .connected)
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test func `when there is room again, everything is live`() throws {
        let many = issues(300, of: vast)
        var scene = scene([modest, vast] + many)
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        scene.position += 1
        let deleted = RemovedEvent(id: vast.id, kind: vast.kind, address: vast.address, wasReplaced: false)
        scene.tell(.followed(stored: [], removed: [deleted], through: CommitPosition(scene.position)))
        for _ in 0..<50 {
            scene.wait(.seconds(10))
            scene.answer(link)
        }
        let entry = try #require(scene.planner.relays[Scene.a])
        #expect(!entry.isReadInRounds)
        #expect(entry.lastFailure == nil)
        #expect(entry.health == .healthy)
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test func `rounds of very much come more seldom`() throws {
        func pause(itemsPerRound: Int) throws -> Duration {
            var scene = Scene(stored: [vast] + issues(300, of: vast)) {
                $0.limits.itemsPerRound = itemsPerRound
            }
            scene.information = UpstreamInformation()
            scene.information?.maxSubscriptions = 1
            scene.answerAll(Scene.a)
            return try #require(scene.planner.relays[Scene.a]?.roundAt) - scene.now
        }
        #expect(try pause(itemsPerRound: 2000) < .seconds(331))
        #expect(try pause(itemsPerRound: 100) > .seconds(2.7 * 300))
        #expect(try pause(itemsPerRound: 1) < .seconds(12 * 331))
    }

    @Test(arguments: 0..<40)
    func `a fair packing keeps to its room, and gives whoever wants little all of it`(seed: UInt64) {
        var chance = SplitMix64(seed: seed)
        var table = ItemTable()
        let shares = (0..<Int.random(in: 1...12, using: &chance)).map { owner -> ItemSet in
            let address = Event.announcement("r\(owner)", by: owner, on: []).address
            guard let address else { return [] }
            var items: ItemSet = [table.number(.repository(address))]
            let most = Bool.random(using: &chance) ? 5 : 400
            for _ in 0..<Int.random(in: 0...most, using: &chance) {
                let id = EventID(
                    Bytes32(words: (chance.next(), chance.next(), chance.next(), chance.next())))
                items.insert(table.number(Bool.random(using: &chance) ? .root(id) : .comment(id)))
            }
            return items
        }
        let room = LivePacking.Room(
            subscriptions: Int.random(in: 0...6, using: &chance),
            filters: Int.random(in: 1...8, using: &chance),
            bytes: Int.random(in: 500...20_000, using: &chance))
        let (packing, whole) = LivePacking.fair([[.announcements]] + shares, in: table, room: room)
        #expect(packing.isSound(in: table))
        #expect(whole.isSubset(of: packing.items))
        let all = shares.reduce(into: [.announcements] as ItemSet) { $0.formUnion($1) }
        #expect(packing.items.isSubset(of: all))
        let placed = packing.bins.reduce(into: ItemSet()) { $0.formUnion($1.all) }
        #expect(placed == packing.items)
        // Who is left out has not less than another, but for the last kilobyte.
        let bytes = { (items: ItemSet) in
            items.reduce(0) { sum, item in
                LivePacking.Condition.of(table[item].family).reduce(sum) { $0 + $1.length(item, in: table) }
            }
        }
        guard room.filters >= 8, room.subscriptions > 1 else { return }
        let held = shares.map { bytes($0.intersection(packing.items)) }
        for (share, mine) in zip(shares, held) where !share.isSubset(of: packing.items) {
            #expect(mine + 1024 + 500 >= held.max() ?? 0, "seed \(seed): \(held)")
        }
    }
}
