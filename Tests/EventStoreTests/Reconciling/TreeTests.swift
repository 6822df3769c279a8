// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import StoreWorlds
import TestSupport
import Testing

@testable import EventStore
@testable import Negentropy

/// Trees tell what an array of the same items tells, whatever came and went.
@Suite struct TreeTests {
    /// The first tree as it is now.
    private func withTree<Result>(
        of store: EventStore, since: Int64? = nil, until: Int64? = nil, _ body: (TreeItems) throws -> Result
    ) throws -> Result {
        let snapshot = try ReadTransaction(store.environment)
        defer { withExtendedLifetime(snapshot) {} }
        let table = try #require(try snapshot.keptTable(.tree(0), store))
        let span = TimeSpan(since: since.map { Timestamp($0) }, until: until.map { Timestamp($0) })
        return try body(try TreeItems(BorrowedReading(snapshot), table, TreeName(0), span))
    }

    private let moment = Timestamp(1_700_000_000)

    private func tellsSets(_ store: EventStore) throws -> Bool {
        let snapshot = try ReadTransaction(store.environment)
        return try snapshot.keptTable(.tree(0), store) != nil
    }

    private func expectEqual(
        _ tree: TreeItems, _ array: NegentropyArray, _ generator: inout SplitMix64, _ comment: Comment
    ) throws {
        #expect(tree.count == array.count, comment)
        for _ in 0..<12 where tree.count == array.count {
            let ends = [0, 1].map { _ in Int.random(in: 0...array.count, using: &generator) }.sorted()
            let range = ends[0]..<ends[1]
            #expect(try tree.sum(of: range) == array.sum(of: range), comment)
            var (found, expected): ([NegentropyItem], [NegentropyItem]) = ([], [])
            try tree.items(in: range) { item in
                found.append(item)
                return found.count < 20
            }
            array.items(in: range) { item in
                expected.append(item)
                return expected.count < 20
            }
            #expect(found == expected, comment)
            let bound = NegentropyBound(
                timestamp: UInt64.random(in: 990..<1060, using: &generator),
                id: EventID(Bytes32(words: (generator.next(), 0, 0, 0))),
                length: Int.random(in: 0...2, using: &generator))
            #expect(
                try tree.firstIndex(notBefore: bound, in: range)
                    == array.firstIndex(notBefore: bound, in: range), comment)
        }
    }

    @Test(arguments: 1...24 as ClosedRange<UInt64>)
    func `after any additions and removals a tree tells what an array of the same items tells`(seed: UInt64)
        throws
    {
        var generator = SplitMix64(seed: seed)
        let store = try TemporaryStore {
            $0.trees = [NegentropyTree(Filter()), NegentropyTree(Filter(kinds: [1]))]
            // Rows of one level for each of the next: 2, 4, 8 or 32.
            $0.keyShape.treeBits = [1, 2, 3, 5][Int(seed % 4)]
        }
        var held: [EventID: NegentropyItem] = [:]
        for step in 0..<12 {
            let comment: Comment = "seed \(seed), step \(step)"
            let count = [1, 1, 5, 80].randomElement(using: &generator) ?? 1
            let fresh = (0..<count).map { index in
                Event.unsigned(
                    [1, 2].randomElement(using: &generator) ?? 1,
                    at: 1000 + Int64.random(in: 0..<50, using: &generator), [], "\(step) \(index)")
            }
            let gone = held.keys.sorted().shuffled(using: &generator).prefix(
                Int.random(in: 0...max(1, count / 2), using: &generator))
            // Some are stored and removed in one transaction.
            let brief = fresh.prefix(count / 8)
            try store.write { writer throws(StoreError) in
                for event in fresh { _ = try writer.put(event) }
                if step % 3 == 0 { _ = try writer.view.contains(fresh[0].id) }
                if step % 4 == 0 { try writer.view.flush() }
                for id in gone { _ = try writer.remove(id, reason: .operator) }
                for event in brief { _ = try writer.remove(event.id, reason: .operator) }
            }
            for event in fresh { held[event.id] = NegentropyItem(event.createdAt, event.id) }
            for id in gone + brief.map(\.id) { held[id] = nil }
            try withTree(of: store.store) { tree in
                try expectEqual(tree, NegentropyArray(held.values), &generator, comment)
            }
            let span = NegentropyArray(held.values.filter { (1010...1030).contains($0.timestamp) })
            try withTree(of: store.store, since: 1010, until: 1030) { tree in
                try expectEqual(tree, span, &generator, comment)
            }
            #expect(try store.store.check().faults == [], comment)
        }
    }

    @Test func `the rows of a tree follow from its items, whatever their order`() throws {
        let events = (0..<300).map { Event.unsigned(1, at: 1000 + Int64($0 / 3), by: $0) }
        let secret = KeyHash.Secret(low: 1, high: 2)
        func rows(_ order: [[Event]], removing gone: [Event]) throws -> [[UInt8]] {
            let store = try TemporaryStore { $0.trees = [] }
            try store.write { writer throws(StoreError) in
                let schema = writer.view.schema
                try writer.view.transaction.put(
                    schema.meta, StoreFormat.secretKey.span, StoreFormat.row(secret).span)
            }
            try store.reopen {
                $0.trees = [NegentropyTree(Filter())]
                $0.keyShape.treeBits = 2
            }
            _ = try DerivedTableTests.build(store, by: 10)
            for events in order { try store.putTogether(events) }
            try store.write { writer throws(StoreError) in
                for event in gone { _ = try writer.remove(event.id, reason: .operator) }
            }
            let snapshot = try ReadTransaction(store.store.environment)
            var rows: [[UInt8]] = []
            var cursor = try Cursor(snapshot, try #require(store.store.schema[.tree]))
            while try cursor.next() {
                rows.append(
                    cursor.key.withUnsafeBufferPointer { Array($0) }
                        + cursor.value.withUnsafeBufferPointer { Array($0) })
            }
            return rows
        }
        let once = try rows([Array(events[..<200])], removing: [])
        #expect(once.count > 200 + 50)
        #expect(try rows(events[..<200].shuffled().map { [$0] }, removing: []) == once)
        #expect(try rows([events.reversed()], removing: Array(events[200...])) == once)
    }

    @Test func `other trees than before are made anew in steps, and unwanted ones are dropped`() throws {
        let store = try TemporaryStore { $0.trees = [] }
        try store.putTogether((0..<60).map { .unsigned($0 % 3 == 0 ? 1 : 2, at: 1000 + $0) })
        #expect(try store.store.statistics.rows["tree"] == 0)
        try store.reopen { $0.trees = [NegentropyTree(Filter(kinds: [1]))] }
        #expect(try !tellsSets(store.store))
        // What comes and goes meanwhile is in them too.
        try store.write { writer throws(StoreError) in _ = try writer.buildDerived(limit: 9) }
        let gone = try #require(try store.store.events(matching: [Filter(kinds: [1])], now: moment).first)
        try store.put(.unsigned(1, at: 5000), .unsigned(5, at: 5001, [gone.idTag]))
        #expect(try DerivedTableTests.build(store, by: 7) > 2)
        try withTree(of: store.store) { #expect($0.count == 20) }
        try store.reopen {
            $0.trees = [NegentropyTree(Filter(kinds: [2])), NegentropyTree(Filter(kinds: [1]))]
        }
        #expect(try DerivedTableTests.build(store, by: 1000) == 1)
        try withTree(of: store.store) { #expect($0.count == 40) }
        try store.reopen { $0.trees = [] }
        #expect(try store.store.statistics.rows["tree"] == 0)
        #expect(try store.store.check().isSound)
    }

    @Test func `whoever wrote without keeping the trees has them made anew`() throws {
        let store = try TemporaryStore { $0.trees = [NegentropyTree(Filter())] }
        try store.put(.unsigned(1, at: 1000))
        try store.write { writer throws(StoreError) in
            // As a version would that knows nothing of trees.
            let schema = writer.view.schema
            writer.view.state.sequence = CommitSequence(rawValue: 7)
            try writer.view.transaction.put(
                schema.meta, StoreState.key.span, writer.view.state.row.span)
        }
        try store.reopen()
        #expect(try !tellsSets(store.store))
        _ = try DerivedTableTests.build(store, by: 10)
        try withTree(of: store.store) { #expect($0.count == 1) }
    }

    enum Damage: CaseIterable {
        case missing, surplus, sum, strangeTree, number
    }

    @Test(arguments: Damage.allCases) func `check finds every damage of a tree`(damage: Damage) throws {
        let events = (0..<40).map { Event.unsigned(1, at: 1000 + Int64($0)) }
        let store = try TemporaryStore {
            $0.trees = [NegentropyTree(Filter(), leavingOut: [4])]
            $0.keyShape.treeBits = 2
        }
        try store.putTogether(events)
        try store.put(.unsigned(4, at: 900))
        #expect(try store.store.check().faults == [])
        let item = NegentropyItem(events[3].createdAt, events[3].id)
        let later = NegentropyItem(events[4].createdAt, events[3].id)
        try store.write { writer throws(StoreError) in
            let transaction = writer.view.transaction
            guard let table = writer.view.schema[.tree] else { return }
            switch damage {
            case .missing: _ = try transaction.delete(table, TreeKey(TreeName(0), 0, item).span)
            case .surplus: try transaction.put(table, TreeKey(TreeName(0), 0, later).span, Key().span)
            case .sum:
                // That no row can have, wherever the rows happen to lie.
                var twice = NegentropySum()
                for _ in 0..<2 { twice.add(item.id) }
                try transaction.put(table, TreeKey(TreeName(0), 2).span, twice.row.span)
            case .strangeTree: try transaction.put(table, TreeKey(TreeName(3), 0).span, Key().span)
            case .number:
                try transaction.put(
                    table, TreeKey(TreeName(0), TreeKey.leftOut).span, Key(3 as UInt64).span)
            }
        }
        #expect(try !store.store.check().isSound)
    }

    @Test func `a damaged tree keeps nobody from writing, and is made anew`() throws {
        let store = try TemporaryStore { $0.trees = [NegentropyTree(Filter())] }
        let event = Event.unsigned(1, at: 1000)
        try store.put(event, .unsigned(1, at: 1001))
        try store.write { writer throws(StoreError) in
            guard let table = writer.view.schema[.tree] else { return }
            try writer.view.transaction.delete(
                table, TreeKey(TreeName(0), 0, NegentropyItem(event.createdAt, event.id)).span)
        }
        try store.write { writer throws(StoreError) in
            _ = try writer.remove(event.id, reason: .operator)
            _ = try writer.put(.unsigned(1, at: 1002))
        }
        #expect(try !tellsSets(store.store))
        #expect(try DerivedTableTests.build(store, by: 10) == 1)
        try withTree(of: store.store) { #expect($0.count == 2) }
        #expect(try store.store.check().isSound)
    }
}
