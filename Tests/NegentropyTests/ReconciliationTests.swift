// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import Negentropy

/// Whatever two sides hold, both know in the end what differs.
@Suite struct ReconciliationTests {
    @Test(arguments: [nil, 4096, 60_000] as [Int?], [0, 1, 31, 32, 1000, 20_000])
    func `two random sets always come to an end, and the client knows every difference`(
        frame: Int?, size: Int
    ) throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            try Exchange(seed: seed, size: size, frame: frame).run()
        }
    }

    @Test func `sets that are equal take one round`() throws {
        for size in [0, 1, 40, 5000] {
            var exchange = Exchange(seed: 7, size: size, frame: 4096)
            exchange.theirs = exchange.ours
            #expect(try exchange.run() == 1)
        }
    }

    @Test func `a few differences among many take as many rounds as the tree is deep`() throws {
        var exchange = Exchange(seed: 9, size: 20_000, frame: nil)
        exchange.theirs = exchange.ours
        for item in exchange.ours.prefix(3) { exchange.theirs.remove(item) }
        // 16 parts a round: 20,000 → 1,250 → 79 → 5 → ids, and two sides take turns.
        #expect(try exchange.run() <= 3)
    }

    @Test func `what is cut off is told once`() throws {
        var exchange = Exchange(seed: 11, size: 4000, frame: 4096)
        exchange.ours = []
        #expect(try exchange.run() > 5)
    }

    @Test func `a relay that never agrees is given up`() throws {
        var client = NegentropyClient(limits: NegentropyLimits())
        var message = MessageWriter()
        message.add(.infinity)
        message.add(.fingerprint)
        message.add(NegentropyFingerprint(high: 1, low: 1))
        #expect(throws: ReconciliationError<Never>.self) {
            for _ in 1...100 { _ = try client.take(message.bytes, with: NegentropyArray([])) }
        }
        #expect(client.rounds == NegentropyLimits.roundsMin + 1)
    }

    @Test func `what is skipped costs no look at the items, and nor do ranges without any`() throws {
        let items = NegentropyArray((0..<100).map { Self.item($0) })
        let watched = Watched(base: items)
        var message: [UInt8] = [Reconciliation.version]
        for _ in 0..<100_000 { message += [1, 0, 0] }
        for _ in 0..<1_000 { message += [1, 0, 2, 0] }
        let limits = NegentropyLimits(frameBytes: 4096)
        _ = try NegentropyServer(limits: limits).answer(message, from: watched)
        #expect(watched.looks.count < 10)
    }

    @Test func `ranges beyond the most that are looked at are answered by one fingerprint`() throws {
        let items = NegentropyArray((0..<20_000).map { Self.item($0) })
        let watched = Watched(base: items)
        var message = MessageWriter()
        for time in 1...20_000 as ClosedRange<UInt64> {
            message.add(NegentropyBound(timestamp: time))
            message.add(.fingerprint)
            message.add(NegentropyFingerprint(high: 1, low: 1))
        }
        let answer = try NegentropyServer(limits: NegentropyLimits()).answer(message.bytes, from: watched)
        #expect(watched.looks.count < 5 * NegentropyLimits.rangesPerMessage)
        var reader = MessageReader(answer)
        _ = try reader.byte()
        var last: Reconciliation.Mode?
        while !reader.isAtEnd {
            _ = try reader.bound()
            last = Reconciliation.Mode(rawValue: try reader.varint())
            if last == .ids { _ = try reader.ids() } else { _ = try reader.fingerprint() }
        }
        #expect(last == .fingerprint && reader.lastBound == .infinity)
    }

    private static func item(_ number: UInt64) -> NegentropyItem {
        NegentropyItem(timestamp: number, id: EventID(Bytes32(words: (number, 1, 2, 3))))
    }

    /// Counts how often its items are looked at.
    private struct Watched: NegentropyStorage {
        final class Looks { var count = 0 }
        let base: NegentropyArray
        let looks = Looks()

        var count: Int { base.count }
        func firstIndex(notBefore bound: NegentropyBound, in range: Range<Int>) -> Int {
            looks.count += 1
            return base.firstIndex(notBefore: bound, in: range)
        }
        func sum(of range: Range<Int>) -> NegentropySum {
            looks.count += 1
            return base.sum(of: range)
        }
        func items(in range: Range<Int>, _ body: (NegentropyItem) -> Bool) {
            looks.count += 1
            base.items(in: range, body)
        }
    }

    @Test func `sums lose what is taken away`() {
        var generator = SplitMix64(seed: 3)
        var sum = NegentropySum()
        let ids = (0..<50).map { _ in Exchange.id(&generator) }
        for id in ids { sum.add(id) }
        let whole = sum
        for id in ids.prefix(20).reversed() { sum.remove(id) }
        var rest = NegentropySum()
        for id in ids.suffix(30) { rest.add(id) }
        #expect(sum == rest)
        for id in ids.prefix(20) { rest.add(id) }
        #expect(rest == whole)
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func `broken messages are refused or answered, and never larger than allowed`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let exchange = Exchange(seed: seed, size: 300, frame: 4096)
        let storage = NegentropyArray(exchange.ours)
        let server = NegentropyServer(limits: NegentropyLimits(frameBytes: 4096))
        let begin = try NegentropyClient(limits: server.limits).begin(from: NegentropyArray(exchange.theirs))
        for _ in 1...2000 {
            var message = begin
            for _ in 0...Int.random(in: 0...4, using: &generator) {
                let index = Int.random(in: 0..<message.count, using: &generator)
                switch Int.random(in: 0...2, using: &generator) {
                case 0: message[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: message.removeLast(message.count - index)
                default: message.insert(contentsOf: [0x80, 0xFF].shuffled(using: &generator), at: index)
                }
                if message.isEmpty { break }
            }
            do {
                #expect(try server.answer(message, from: storage).count <= 4096, "seed \(seed)")
            } catch .message { continue }
        }
    }

    private static let faults: [(String, NegentropyError)] = [
        ("", .truncated), ("7f", .notNegentropy), ("6100", .truncated), ("610000", .truncated),
        ("61000003", .mode(3)), ("610021", .prefixLength(33)), ("61050004", .mode(4)),
        ("61000001aabb", .truncated), ("61000002" + "81ffffffffffffffff7f", .truncated),
        ("6180", .number), ("61" + String(repeating: "ff", count: 11), .number),
        ("61" + "0501ff00" + "010101" + "00", .backwards),
    ]

    @Test(arguments: faults) func `each fault of a message has its name`(hex: String, fault: NegentropyError)
        throws
    {
        let server = NegentropyServer(limits: NegentropyLimits())
        let message = try VectorTests.bytes(hex)
        do throws(ReconciliationError<Never>) {
            let answer = try server.answer(message, from: NegentropyArray([]))
            Issue.record("answered \(answer)")
        } catch .message(let error) {
            #expect(error == fault)
        }
    }
}

/// Two sides and their sets.
struct Exchange {
    var ours: Set<NegentropyItem> = []
    var theirs: Set<NegentropyItem> = []
    let frame: Int?
    let seed: UInt64

    /// - Parameter size: of what both have, roughly; a few hundred differ.
    init(seed: UInt64, size: Int, frame: Int?) {
        var generator = SplitMix64(seed: seed)
        (self.seed, self.frame) = (seed, frame)
        // From all in one second to hardly two in one.
        let span = UInt64([1, 20, 100_000].randomElement(using: &generator) ?? 1)
        let weights = [(98, 1), (50, 25), (0, 50), (0, 100)].randomElement(using: &generator) ?? (98, 1)
        for _ in 0..<size {
            let item = NegentropyItem(
                timestamp: 1_700_000_000 + UInt64.random(in: 0..<span, using: &generator),
                id: Self.id(&generator))
            let chance = Int.random(in: 0..<100, using: &generator)
            if chance < weights.0 + weights.1 { ours.insert(item) }
            if chance < weights.0 || chance >= weights.0 + weights.1 { theirs.insert(item) }
        }
    }

    static func id(_ generator: inout SplitMix64) -> EventID {
        // Many begin alike, so that bounds need several bytes.
        let first = generator.next() & (generator.next() % 4 == 0 ? 0xFFFF : .max)
        return EventID(Bytes32(words: (first, generator.next(), generator.next(), generator.next())))
    }

    /// - Returns: how many messages the relay answered.
    @discardableResult
    func run() throws -> Int {
        let limits = NegentropyLimits(frameBytes: frame)
        let server = NegentropyServer(limits: limits)
        let storage = NegentropyArray(theirs)
        let held = NegentropyArray(ours)
        var client = NegentropyClient(limits: limits)
        var (have, need): ([EventID], [EventID]) = ([], [])
        var message: [UInt8]? = try client.begin(from: held)
        while let next = message {
            let answer = try server.answer(next, from: storage)
            if let frame {
                #expect(next.count <= frame && answer.count <= frame, "seed \(seed)")
            }
            let step = try client.take(answer, with: held)
            have += step.have
            need += step.need
            message = step.message
        }
        #expect(have.count == Set(have).count && need.count == Set(need).count, "seed \(seed)")
        #expect(Set(have) == Set(ours.subtracting(theirs).map(\.id)), "seed \(seed)")
        #expect(Set(need) == Set(theirs.subtracting(ours).map(\.id)), "seed \(seed)")
        return client.rounds
    }
}
