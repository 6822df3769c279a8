// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import SyncPlanner

@Suite struct ItemSetTests {
    private static func number(_ rng: inout SplitMix64, _ most: Int) -> ItemNumber {
        ItemNumber(
            SyncItem.Family.allCases.randomElement(using: &rng)!, Int.random(in: 0..<most, using: &rng))
    }

    @Test(arguments: 0..<24 as Range<UInt64>)
    func `a set of items does what a plain set does`(seed: UInt64) {
        var rng = SplitMix64(seed: seed)
        // Crowded sets and sparse ones.
        let most = [70, 500, 40_000][Int(seed % 3)]
        func random() -> (ItemSet, Set<ItemNumber>) {
            var (set, plain) = (ItemSet(), Set<ItemNumber>())
            for _ in 0..<Int.random(in: 0...400, using: &rng) {
                let item = Self.number(&rng, most)
                if Int.random(in: 0..<4, using: &rng) == 0 {
                    #expect(set.remove(item) == (plain.remove(item) != nil), "seed \(seed)")
                } else {
                    #expect(set.insert(item).isNew == plain.insert(item).inserted, "seed \(seed)")
                }
            }
            return (set, plain)
        }
        func expect(_ set: ItemSet, _ plain: Set<ItemNumber>) {
            #expect(Array(set) == plain.sorted() && set.count == plain.count, "seed \(seed)")
            #expect(set == ItemSet(plain) && set.isEmpty == plain.isEmpty, "seed \(seed)")
        }
        for _ in 0..<10 {
            let ((a, plainA), (b, plainB)) = (random(), random())
            expect(a, plainA)
            expect(a.union(b), plainA.union(plainB))
            expect(a.subtracting(b), plainA.subtracting(plainB))
            expect(a.intersection(b), plainA.intersection(plainB))
            #expect(a.isSubset(of: b) == plainA.isSubset(of: plainB), "seed \(seed)")
            #expect(a.intersection(b).isSubset(of: a) && a.subtracting(b).isDisjoint(with: b), "seed \(seed)")
            var grown = a
            grown.formUnion(ItemSet(plainB.prefix(3)))
            expect(grown, plainA.union(plainB.prefix(3)))
            for family in SyncItem.Family.allCases {
                let theirs = plainA.filter { $0.familyNumber == family.rawValue }
                expect(a.only(family), theirs)
                #expect(a.count(of: family) == theirs.count, "seed \(seed)")
            }
            expect(a.lasting, plainA.filter { $0.familyNumber != SyncItem.Family.reference.rawValue })
            let item = Self.number(&rng, most)
            #expect(a.contains(item) == plainA.contains(item), "seed \(seed)")
        }
    }

    @Test func `an item keeps its number until nothing speaks of it`() {
        func id(_ n: UInt64) -> EventID { EventID(Bytes32(words: (n, 0, 0, 0))) }
        var table = ItemTable()
        let (one, two) = (table.number(.root(id(1))), table.number(.root(id(2))))
        #expect(table.number(.root(id(1))) == one && one != two)
        #expect(table.number(.comment(id(1))) != one)
        #expect(table[two] == .root(id(2)) && table.text(two) == TagValue(id(2).hex))
        table.keep([two])
        #expect(table.known(.root(id(1))) == nil && table.known(.root(id(2))) == two)
        #expect(table.known(.announcements) == .announcements)
        #expect(table.number(.root(id(3))) == one, "a number that is free is given again")
        #expect(table.count == 3)
    }

    @Test func `a map does what a dictionary does`() {
        for seed in UInt64(0)..<60 {
            var rng = SplitMix64(seed: seed)
            var (map, plain) = (ItemMap<Int>(), [ItemNumber: Int]())
            for value in 0..<Int.random(in: 0...600, using: &rng) {
                let item = Self.number(&rng, 300)
                let new = Int.random(in: 0..<3, using: &rng) == 0 ? nil : value
                map[item] = new
                plain[item] = new
            }
            let sorted = plain.sorted { $0.key < $1.key }
            #expect(Array(map.items) == sorted.map(\.key), "seed \(seed)")
            #expect(Array(map.values) == sorted.map(\.value), "seed \(seed)")
            #expect(map.count == plain.count && map.isEmpty == plain.isEmpty, "seed \(seed)")
            #expect(sorted.allSatisfy { map[$0.key] == $0.value }, "seed \(seed)")
        }
    }

    @Test func `a map forgets what is not kept`() {
        var map = ItemMap<Int>()
        let (a, b) = (ItemNumber(.root, 1), ItemNumber(.root, 2))
        map[a] = 1
        map[b] = 2
        map[b] = 3
        map.formIntersection([b])
        #expect(map[a] == nil && map[b] == 3 && map.count == 1 && map.items == [b])
        map[b] = nil
        #expect(map.isEmpty && map.items.isEmpty)
    }
}
