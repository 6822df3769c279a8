// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import StoreWorlds
import TestSupport
import Testing

@testable import EventStore
@testable import Negentropy

/// Groups tell what belongs to any repositories, whatever came and went.
@Suite struct GroupTests {
    private let moment = Timestamp(1_700_000_000)

    private static func repository(_ number: Int) -> TagValue {
        let name = TagValue("repository \(number)")
        return EventAddress(kind: .repositoryAnnouncement, pubkey: TestAuthor.key(number), identifier: name)
            .text
    }

    private func items(
        _ filter: Filter, in store: EventStore, scope: ReadScope = .unrestricted,
        adding added: [NegentropyItem] = []
    ) throws -> (isKept: Bool, ids: Set<EventID>) {
        var reading = StoredSetReading(filter, adding: added, scope: scope, now: moment, most: 100_000)
        var end: StoredSetReading.End?
        while end == nil { end = try reading.readPage(of: store, budget: .unlimited) }
        guard case .set(let set)? = end else { return (false, []) }
        var client = NegentropyClient(limits: NegentropyLimits())
        let none = NegentropyArray([])
        var (message, ids): ([UInt8]?, Set<EventID>) = (try client.begin(from: none), [])
        while let next = message {
            let step = try client.take(
                try set.answer(next, by: NegentropyServer(limits: NegentropyLimits()), from: store),
                with: none)
            ids.formUnion(step.need)
            message = step.message
        }
        #expect(ids.count == set.count)
        return (set.isKept, ids)
    }

    @Test(arguments: 1...16 as ClosedRange<UInt64>)
    func `any repositories are told from sums, as they are read, whatever came and went`(seed: UInt64) throws
    {
        var generator = SplitMix64(seed: seed)
        let store = try TemporaryStore {
            $0.keyShape.treeBits = [1, 2, 3, 5][Int(seed % 4)]
            $0.limits.eventsPerGroup = 0
        }
        var held: [EventID: Event] = [:]
        for step in 0..<8 {
            let comment: Comment = "seed \(seed), step \(step)"
            let count = [1, 5, 300].randomElement(using: &generator) ?? 1
            let fresh = (0..<count).map { index in
                let tags: [NostrCore.Tag] = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                    let letter = ["a", "a", "A", "q"].randomElement(using: &generator) ?? "a"
                    return [TagValue(letter), Self.repository(Int.random(in: 0..<5, using: &generator))]
                }
                return Event.unsigned(
                    1, at: 1000 + Int64.random(in: 0..<50, using: &generator), tags, "\(step) \(index)")
            }
            let gone = held.keys.sorted().shuffled(using: &generator).prefix(
                Int.random(in: 0...(step == 5 ? held.count : count), using: &generator))
            try store.write { writer throws(StoreError) in
                for event in fresh { _ = try writer.put(event) }
                if step % 3 == 0 { try writer.view.flush() }
                for id in gone { _ = try writer.remove(id, reason: .operator) }
                for event in fresh.prefix(count / 8) { _ = try writer.remove(event.id, reason: .operator) }
            }
            for event in fresh.dropFirst(count / 8) { held[event.id] = event }
            for id in gone { held[id] = nil }
            for letter in ["a", "A", "q"] as [Character] {
                let asked = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                    Self.repository(Int.random(in: 0..<6, using: &generator))
                }
                var filter = Filter(tags: [letter: asked])
                if step % 2 == 1 { (filter.since, filter.until) = (Timestamp(1010), Timestamp(1030)) }
                let found = try items(filter, in: store.store)
                #expect(found.isKept, comment)
                #expect(found.ids == Set(held.values.filter { filter.matches($0) }.map(\.id)), comment)
            }
            #expect(try store.store.check().faults == [], comment)
        }
        try store.write { writer throws(StoreError) in
            for id in held.keys { _ = try writer.remove(id, reason: .operator) }
        }
        #expect(try store.store.statistics.rows["group"] == 0)
    }

    @Test func `states are told by their identifiers`() throws {
        let store = try TemporaryStore { $0.limits.eventsPerGroup = 0 }
        let states = (0..<6).map { Event.unsigned(30618, at: 1000, by: $0, [["d", $0 < 4 ? "a" : "b"]]) }
        try store.putTogether(states + [.unsigned(30617, at: 1000, [["d", "a"]])])
        // A newer one takes an old one's place.
        try store.put(.unsigned(30618, at: 1001, by: 5, [["d", "b"]]))
        let filter = Filter(kinds: [.repositoryState], tags: ["d": ["a", "b", "c"]])
        let found = try items(filter, in: store.store)
        #expect(found.isKept && found.ids.count == 6)
        #expect(found.ids.isDisjoint(with: [states[5].id]))
        #expect(try !items(Filter(kinds: [1, .repositoryState], tags: ["d": ["a"]]), in: store.store).isKept)
        #expect(try !items(Filter(tags: ["d": ["a"]]), in: store.store).isKept)
    }

    @Test func `what groups cannot tell is read`() throws {
        let store = try TemporaryStore {
            $0.limits.groupsPerSet = 2
            $0.groups = RepositoryGroups(leavingOut: [4])
        }
        let sets: [[Int]] = [[1], [1, 2], [1, 3], [4]]
        for (number, set) in sets.enumerated() {
            let tags = set.map { ["a", Self.repository($0)] as NostrCore.Tag }
            try store.putTogether((0..<9).map { .unsigned(1, at: 1000 + $0, by: number, tags) })
        }
        func isKept(_ numbers: Int..., change: (inout Filter) -> Void = { _ in }) throws -> Bool {
            var filter = Filter(tags: ["a": numbers.map { Self.repository($0) }])
            change(&filter)
            let found = try items(filter, in: store.store)
            #expect(found.ids == Set(try store.store.events(matching: [filter], now: moment).map(\.id)))
            return found.isKept
        }
        #expect(try isKept(2, 4) && isKept(4) && isKept(7))
        // Too many groups.
        #expect(try !isKept(1) && !isKept(2, 3, 4))
        #expect(try !isKept(4) { $0.kinds = [1] })
        #expect(try !isKept(4) { $0.authors = [TestAuthor.key(3)] })
        #expect(try !isKept(4) { $0.tags[0].values.append("30617:x") })
        #expect(try !isKept(4) { $0.tags[0].isOfAll = true })
        #expect(try !isKept(4) { $0 = Filter(tags: ["a": [Self.repository(4)], "p": ["x"]]) })
        // Fewer events than a set of sums is worth.
        try store.put(.unsigned(1, at: 1000, [["a", Self.repository(8)]]))
        #expect(try !isKept(4, 8) { $0.since = Timestamp(1006) })
        // Something that not everybody may read.
        let filter = Filter(tags: ["a": [Self.repository(4)]])
        let strangers = ReadScope(guardedKinds: [4])
        try store.put(.unsigned(4, at: 1000, by: 7, [["a", Self.repository(4)]]))
        #expect(try !isKept(4))
        let found = try items(filter, in: store.store, scope: strangers)
        #expect(found.isKept && found.ids.count == 9)
        let author = ReadScope(guardedKinds: [4], keys: [TestAuthor.key(7)])
        #expect(try items(filter, in: store.store, scope: author).ids.count == 10)
        #expect(try store.store.check().faults == [])
    }

    @Test func `groups are made in steps where there were none, and given up where they are not wanted`()
        throws
    {
        let store = try TemporaryStore {
            $0.groups = nil
            $0.limits.eventsPerGroup = 0
        }
        try store.putTogether(
            (0..<60).map { .unsigned(1, at: 1000 + $0, [["a", Self.repository(Int($0 % 3))]]) })
        #expect(try store.store.statistics.rows["group"] == 0)
        let filter = Filter(tags: ["a": [Self.repository(0), Self.repository(1)]])
        try store.reopen { $0.groups = RepositoryGroups() }
        #expect(try !items(filter, in: store.store).isKept)
        #expect(try store.store.treeProgress() == 0.5)
        // What comes and goes meanwhile is in them too.
        try store.write { writer throws(StoreError) in _ = try writer.buildDerived(limit: 9) }
        let gone = try #require(try store.store.events(matching: [filter], now: moment).last)
        try store.put(.unsigned(1, at: 5000, filter.tags[0].values.map { ["a", $0] }))
        try store.put(.unsigned(5, at: 5001, [gone.idTag]))
        #expect(try DerivedTableTests.build(store, by: 7) > 2)
        let found = try items(filter, in: store.store)
        #expect(found.isKept && found.ids.count == 40)
        let reports = try #require(try store.store.groupReports())
        #expect(reports.map(\.groups) == [0, 4, 0, 0] && reports.map(\.items) == [0, 60, 0, 0])
        try store.reopen { $0.groups = RepositoryGroups(leavingOut: [1]) }
        #expect(try DerivedTableTests.build(store, by: 1000) == 1)
        #expect(try store.store.groupReports()?.map(\.leftOut) == [0, 60, 0, 0])
        try store.reopen { $0.groups = nil }
        #expect(try store.store.statistics.rows["group"] == 0)
        #expect(try store.store.check().isSound)
    }

    @Test func `whoever wrote without keeping groups has them made anew`() throws {
        let store = try TemporaryStore { $0.limits.eventsPerGroup = 0 }
        try store.put(.unsigned(1, at: 1000, [["a", Self.repository(1)]]))
        try store.put(.unsigned(1, at: 1001, [["a", Self.repository(1)]]))
        try store.write { writer throws(StoreError) in
            // As if the last commit were of a version that knows nothing of groups.
            let (transaction, schema) = (writer.view.transaction, writer.view.schema)
            let before = CommitSequence(rawValue: writer.view.state.sequence.rawValue - 1)
            try transaction.markGroups(RepositoryGroups(), before, schema, writer.view.maker)
        }
        let filter = Filter(tags: ["a": [Self.repository(1)]])
        #expect(try !items(filter, in: store.store).isKept)
        try store.reopen()
        #expect(try DerivedTableTests.build(store, by: 10) == 1)
        let found = try items(filter, in: store.store)
        #expect(found.isKept && found.ids.count == 2)
    }

    enum Damage: CaseIterable {
        case missing, surplus, sum, strangeGroup, unlisted, listed, number
    }

    @Test(arguments: Damage.allCases) func `check finds every damage of groups`(damage: Damage) throws {
        let store = try TemporaryStore {
            $0.keyShape.treeBits = 2
            $0.groups = RepositoryGroups(leavingOut: [4])
        }
        let events = (0..<40).map { Event.unsigned(1, at: 1000 + Int64($0), [["a", Self.repository(1)]]) }
        let event = events[3]
        try store.putTogether(events + [.unsigned(4, [["q", Self.repository(1)]])])
        #expect(try store.store.check().faults == [])
        try store.write { writer throws(StoreError) in
            let (transaction, maker) = (writer.view.transaction, writer.view.maker)
            guard let table = writer.view.schema[.group] else { return }
            var groups = EventGroups()
            groups.find(event.layout, json: event.json.span, maker)
            var names: [TreeName] = []
            try groups.forEachGroup(maker) { name, _ throws(StoreError) in names.append(name) }
            let (group, naming) = (names[0], groups.namings[0])
            let other = TreeName(.address, group: group.number ^ 1)
            let item = NegentropyItem(event.createdAt, event.id)
            switch damage {
            case .missing: try transaction.delete(table, TreeKey(group, 0, item).span)
            case .surplus:
                let later = NegentropyItem(events[4].createdAt, event.id)
                try transaction.put(table, TreeKey(group, 0, later).span, Key().span)
            case .sum:
                var twice = NegentropySum()
                for _ in 0..<2 { twice.add(item.id) }
                try transaction.put(table, TreeKey(group, 2).span, twice.row.span)
            case .strangeGroup: try transaction.put(table, TreeKey(other, 0, item).span, Key().span)
            case .unlisted:
                let key = GroupKey.group(group.number, of: naming)
                try transaction.delete(table, key.span)
            case .listed:
                let key = GroupKey.group(other.number, of: naming)
                try transaction.put(table, key.span, Key().span)
            case .number: try transaction.delete(table, GroupKey.leftOut(.quote).span)
            }
        }
        #expect(try !store.store.check().isSound)
    }

    @Test func `a damaged group keeps nobody from writing, and all are made anew`() throws {
        let store = try TemporaryStore { $0.limits.eventsPerGroup = 0 }
        let event = Event.unsigned(1, at: 1000, [["a", Self.repository(1)]])
        try store.put(event)
        try store.write { writer throws(StoreError) in
            guard let table = writer.view.schema[.group] else { return }
            try writer.view.transaction.empty(table)
        }
        try store.put(.unsigned(5, at: 1002, [event.idTag]), .unsigned(1, at: 1003, event.tags))
        let filter = Filter(tags: ["a": [Self.repository(1)]])
        #expect(try !items(filter, in: store.store).isKept)
        #expect(try DerivedTableTests.build(store, by: 10) == 1)
        let found = try items(filter, in: store.store)
        #expect(found.isKept && found.ids.count == 1)
        #expect(try store.store.check().isSound)
    }
}
