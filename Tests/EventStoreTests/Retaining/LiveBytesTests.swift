// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import StoreWorlds
import TestSupport
import Testing

@testable import EventStore

/// What stored events take, whatever the file looks like.
@Suite struct LiveBytesTests {
    /// Events as relays have them: notes of all lengths, reactions, profiles, a long article now and then.
    private static func events(_ count: Int) -> [Event] {
        var rng = SplitMix64(seed: 11)
        func hex(_ rng: inout SplitMix64) -> String {
            (0..<4).map { _ in String(rng.next() | 1 << 63, radix: 16) }.joined()
        }
        return (0..<count).map { number in
            let at = 1_500_000_000 + Int64.random(in: 0..<200_000_000, using: &rng)
            let author = Int.random(in: 1...200, using: &rng)
            let length =
                Int.random(in: 0..<50, using: &rng) == 0
                ? Int.random(in: 1_500...9_000, using: &rng) : Int.random(in: 5...400, using: &rng)
            let content = String(repeating: "word\(number % 97) ", count: length / 7 + 1)
            switch number % 5 {
            case 0:
                return .unsigned(
                    7, at: at, by: author,
                    [.of("e", hex(&rng)), .of("p", hex(&rng)), .of("k", "1")], "+\(number)")
            case 1:
                return .unsigned(
                    1, at: at, by: author,
                    (0..<Int.random(in: 0...6, using: &rng)).map { .of("t", "topic \($0 + number % 300)") },
                    content)
            case 2:
                return .unsigned(30_023, at: at, by: author, [.of("d", "\(number)")], content)
            default: return .unsigned(1, at: at, by: author, [], content + "\(number)")
            }
        }
    }

    /// A store into which events come in batches.
    private static func store(_ events: [Event]) throws -> TemporaryStore {
        let temporary = try TemporaryStore()
        for start in stride(from: 0, to: events.count, by: 1_000) {
            try temporary.putTogether(Array(events[start..<min(start + 1_000, events.count)]))
        }
        return temporary
    }

    @Test(arguments: [false, true])
    func `a fresh store takes about as much as is live`(isSorted: Bool) throws {
        var events = Self.events(12_000)
        if isSorted { events.sort { $0.createdAt < $1.createdAt } }
        let fresh = try Self.store(events)
        let (live, used) = (try LiveBytes.all(of: fresh.store), try fresh.store.inUseBytes())
        #expect(live <= used && live * 100 >= used * 90)
    }

    @Test func `what goes with each event adds up to what is live`() throws {
        let temporary = try Self.store(Self.events(1_000))
        var walk = AgeWalk()
        var sum = 0
        while try walk.readPage(
            of: temporary.store, events: 300,
            visit: { visit, json in
                sum += visit.bytes(json)
                return true
            })
        {}
        let live = try LiveBytes.all(of: temporary.store)
        // The rows above a kept set's items are few, and counted only here.
        #expect(sum <= live && sum * 1_000 >= live * 990)
    }

    @Test func `half of the events removed leave half of what was live, whatever the pages look like`() throws
    {
        let events = Self.events(6_000)
        let thinned = try Self.store(events)
        let before = try LiveBytes.all(of: thinned.store)
        let gone = stride(from: 0, to: events.count, by: 2).map { events[$0].id }
        for start in stride(from: 0, to: gone.count, by: 200) {
            try thinned.write { writer throws(StoreError) in
                for id in gone[start..<min(start + 200, gone.count)] {
                    _ = try writer.remove(id, reason: .operator)
                }
            }
        }
        let live = try LiveBytes.all(of: thinned.store)
        let fresh = try Self.store(stride(from: 1, to: events.count, by: 2).map { events[$0] })
        #expect(abs(live - (try LiveBytes.all(of: fresh.store))) < live / 200)
        #expect(live < before * 6 / 10)
        #expect(try thinned.store.inUseBytes() > live * 5 / 4)
    }
}
