// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import EventStore
@testable import Negentropy

/// Sets that share no item are, as a union, what one array of everything is.
@Suite struct UnionTests {
    /// Items dealt to a few sets, and the array that they make between two bounds.
    private struct World {
        var generator: SplitMix64
        let union: UnionItems<ArrayRun>
        let array: NegentropyArray
        let items: [NegentropyItem]

        init(seed: UInt64, size: Int, sets: Int) throws {
            var generator = SplitMix64(seed: seed)
            let span = [1, 20, 100_000].randomElement(using: &generator) ?? 1
            items = (0..<size).map { _ in
                NegentropyItem(
                    timestamp: UInt64.random(in: 0..<UInt64(span), using: &generator),
                    id: id(&generator))
            }
            var dealt = [[NegentropyItem]](repeating: [], count: sets)
            for item in items { dealt[Int.random(in: 0..<sets, using: &generator)].append(item) }
            let times = [0, 0].map { _ in UInt64.random(in: 0...UInt64(span), using: &generator) }.sorted()
            let isWhole = seed % 3 != 0
            let start = isWhole ? NegentropyBound(timestamp: 0) : NegentropyBound(timestamp: times[0])
            let end = isWhole ? .infinity : NegentropyBound(timestamp: times[1])
            union = UnionItems(dealt.map { ArrayRun($0) }, from: start, to: end)
            array = NegentropyArray(items.filter { !start.isAfter($0) && end.isAfter($0) })
            self.generator = generator
        }
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `a union of sets answers as one array of everything`(seed: UInt64) throws {
        let (size, sets) = ([0, 1, 40, 300, 3_000][Int(seed % 5)], [1, 2, 7, 60][Int(seed % 4)])
        var world = try World(seed: seed, size: size, sets: sets)
        let (union, array) = (world.union, world.array)
        #expect(union.count == array.count)
        for _ in 0..<40 {
            let ends = [0, 1].map { _ in Int.random(in: 0...array.count, using: &world.generator) }.sorted()
            let range = ends[0]..<ends[1]
            #expect(union.sum(of: range) == array.sum(of: range), "seed \(seed)")
            var (found, expected): ([NegentropyItem], [NegentropyItem]) = ([], [])
            let most = Int.random(in: 1...60, using: &world.generator)
            union.items(in: range) { item in
                found.append(item)
                return found.count < most
            }
            array.items(in: range) { item in
                expected.append(item)
                return expected.count < most
            }
            #expect(found == expected, "seed \(seed)")
            let bound = NegentropyBound(
                timestamp: UInt64.random(in: 0..<22, using: &world.generator),
                id: id(&world.generator), length: Int.random(in: 0...32, using: &world.generator))
            #expect(
                union.firstIndex(notBefore: bound, in: range)
                    == array.firstIndex(notBefore: bound, in: range), "seed \(seed)")
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>, [2, 100, 9_000])
    func `cuts lie within their range, part it in order, and have bounds that part it there`(
        seed: UInt64, size: Int
    ) throws {
        var world = try World(seed: seed, size: size, sets: 5)
        let (union, array) = (world.union, world.array)
        for _ in 0..<6 where array.count > 1 {
            let start = Int.random(in: 0..<(array.count - 1), using: &world.generator)
            let range = start..<Int.random(in: (start + 2)...array.count, using: &world.generator)
            let parts = [2, 16, 64].randomElement(using: &world.generator) ?? 2
            let cuts = union.cuts(of: range, into: parts)
            #expect(!cuts.isEmpty && cuts.count < parts, "seed \(seed)")
            #expect(zip([range.lowerBound] + cuts, cuts + [range.upperBound]).allSatisfy { $0 < $1 })
            for cut in cuts {
                let bound = union.bound(before: cut)
                #expect(array.firstIndex(notBefore: bound, in: range) == cut, "seed \(seed)")
                #expect(union.sum(of: start..<cut) == array.sum(of: start..<cut), "seed \(seed)")
            }
            let longest = zip([range.lowerBound] + cuts, cuts + [range.upperBound]).map { $1 - $0 }.max() ?? 0
            #expect(longest < max(4, 4 * range.count / parts), "seed \(seed)")
        }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>, [nil, 4096] as [Int?])
    func `whoever reconciles with a union, or holds one, learns every difference`(seed: UInt64, frame: Int?)
        throws
    {
        var world = try World(seed: seed * 3 + 1, size: [100, 2_000, 20_000][Int(seed % 3)], sets: 9)
        let extra = world.items.shuffled(using: &world.generator).prefix(3)
        let strange = (0..<Int.random(in: 0...20, using: &world.generator)).map { _ in
            NegentropyItem(timestamp: 7, id: id(&world.generator))
        }
        let overlay = NegentropyOverlay(world.union, adding: strange + extra)
        let (lost, kept) = (Set(world.items.prefix(world.items.count / 30)), Set(world.items))
        let others = Set(
            (0..<40).map { _ in NegentropyItem(timestamp: 9, id: id(&world.generator)) })
        let held = NegentropyArray(kept.subtracting(lost).union(others))
        let missing = Set(lost.map(\.id)).union(strange.map(\.id))
        let served = try differences(held, overlay, frame)
        #expect(Set(served.need) == missing && Set(served.have) == Set(others.map(\.id)), "seed \(seed)")
        let asked = try differences(overlay, held, frame)
        #expect(Set(asked.have) == missing && Set(asked.need) == Set(others.map(\.id)), "seed \(seed)")
    }

    /// What a client finds of a relay's set.
    private func differences<Client: NegentropyStorage, Relay: NegentropyStorage>(
        _ held: Client, _ relay: Relay, _ frame: Int?
    ) throws -> (have: [EventID], need: [EventID]) where Client.Failure == Never, Relay.Failure == Never {
        let limits = NegentropyLimits(frameBytes: frame)
        var client = NegentropyClient(limits: limits)
        var (have, need): ([EventID], [EventID]) = ([], [])
        var message: [UInt8]? = try client.begin(from: held)
        while let next = message {
            let answer = try NegentropyServer(limits: limits).answer(next, from: relay)
            let step = try client.take(answer, with: held)
            have += step.have
            need += step.need
            message = step.message
        }
        return (have, need)
    }
}

private func id(_ generator: inout SplitMix64) -> EventID {
    // Many begin alike, so that bounds need several bytes.
    let first = generator.next() & (generator.next() % 4 == 0 ? 0xFFFF : .max)
    return EventID(Bytes32(words: (first, generator.next(), generator.next(), generator.next())))
}

/// A run of an array.
private struct ArrayRun: ItemRun {
    private let items: [NegentropyItem]
    private var place = 0
    private(set) var passed = NegentropySum()

    init(_ items: [NegentropyItem]) { self.items = items.sorted() }

    var next: NegentropyItem? { place < items.count ? items[place] : nil }

    mutating func pass(before bound: NegentropyBound) throws(Never) {
        while let next, bound.isAfter(next) { passNext() }
    }

    mutating func passNext() throws(Never) {
        guard let next else { return }
        passed.add(next.id)
        place += 1
    }

    func sample(
        from start: NegentropyBound, to end: NegentropyBound, oneIn: Int, _ body: (NegentropyItem) -> Void
    ) throws(Never) {
        for item in items where !start.isAfter(item) && end.isAfter(item) {
            if item.id.bytes.words.1 % UInt64(oneIn) == 0 { body(item) }
        }
    }
}
