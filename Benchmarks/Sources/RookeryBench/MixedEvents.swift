// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Dispatch
import NostrCore

/// A made-up year of a busy relay: 43 % notes, 20 % reactions, 22 % of it about git repositories.
///
/// Of 2,000 authors a few are very active. Events refer only to earlier ones. The same count gives the same
/// bytes on every machine.
struct MixedEvents: Sendable {
    static let start: Int64 = 1_735_689_600
    static let year: Int64 = 31_536_000
    static let authors = 2_000
    /// Events of one block know each other's ids not: so a block can be signed on all cores.
    static let block = 2_000

    /// How many of each hundred events are of a kind.
    private static let kinds: [Kind] =
        [Kind](repeating: 1, count: 43) + [Kind](repeating: 7, count: 20) + [Kind](repeating: 0, count: 4)
        + [Kind](repeating: 3, count: 3) + [Kind](repeating: 30_023, count: 4)
        + [Kind](repeating: 30_617, count: 3) + [Kind](repeating: 30_618, count: 3)
        + [Kind](repeating: 1617, count: 5) + [Kind](repeating: 1621, count: 4)
        + [Kind](repeating: 1111, count: 7) + [1630, 1631, 1632, 1633]

    /// What later events need to know of an earlier one.
    struct Earlier {
        let id: EventID
        let pubkey: PublicKey
        let kind: Kind
    }

    let keys: [SecretKey]
    let vocabulary = Vocabulary()

    init() {
        keys = (0..<Self.authors).map { number in
            let hash = SHA256.digest(Array("rookery bench key \(number)".utf8).span)
            guard let key = SecretKey(bytes: hash.bytes) else { preconditionFailure("a hash out of range") }
            return key
        }
    }

    /// Makes `count` events, oldest first, and hands them over block by block.
    func make(_ count: Int, _ take: ([Event]) -> Void) {
        var known: [Earlier] = []
        known.reserveCapacity(count)
        for first in stride(from: 0, to: count, by: Self.block) {
            let numbers = first..<min(first + Self.block, count)
            let block = signed(numbers, of: count, after: known)
            take(block)
            known += block.map { Earlier(id: $0.id, pubkey: $0.pubkey, kind: $0.kind) }
        }
    }

    /// Signs a block on every core.
    private func signed(_ numbers: Range<Int>, of count: Int, after known: [Earlier]) -> [Event] {
        let workers = 2
        return [[Event]](unsafeUninitializedCapacity: workers) { buffer, initialized in
            nonisolated(unsafe) let slots = buffer
            DispatchQueue.concurrentPerform(iterations: workers) { worker in
                let share = numbers.count * worker / workers..<numbers.count * (worker + 1) / workers
                let events = share.map { event(numbers.lowerBound + $0, of: count, after: known) }
                slots.initializeElement(at: worker, to: events)
            }
            initialized = workers
        }.flatMap { $0 }
    }

    /// Event number `number`.
    private func event(_ number: Int, of count: Int, after known: [Earlier]) -> Event {
        var rng = SeededGenerator(seed: UInt64(number) &* 1_000_003 &+ 17)
        let kind = rng.pick(Self.kinds)
        let at = Self.start + Self.year * Int64(number) / Int64(max(count, 1))
        let (author, tags, content) = draft(kind, after: known, using: &rng)
        return UnsignedEvent(
            pubkey: keys[author].publicKey, createdAt: Timestamp(at), kind: kind, tags: tags, content: content
        ).signed(by: keys[author])
    }

    /// Notes that come after all others: for publishing, the last 1,200 of them for subscribers.
    var live: [Event] {
        let count = 31_200
        return [Event](unsafeUninitializedCapacity: count) { buffer, initialized in
            nonisolated(unsafe) let slots = buffer
            DispatchQueue.concurrentPerform(iterations: 2) { half in
                for number in stride(from: half, to: count, by: 2) {
                    slots.initializeElement(at: number, to: note(number, isFanOut: number >= 30_000))
                }
            }
            initialized = count
        }
    }

    private func note(_ number: Int, isFanOut: Bool) -> Event {
        var rng = SeededGenerator(seed: UInt64(number) &* 7919 &+ 77)
        let key = keys[rng.busy(Self.authors)]
        return UnsignedEvent(
            pubkey: key.publicKey, createdAt: Timestamp(Self.start + Self.year + Int64(number)),
            kind: .textNote, tags: [Tag(["t", isFanOut ? "fanout" : "publish"])],
            content: vocabulary.text(rng.size(200, spread: 0.8, in: 20...4000), using: &rng)
        ).signed(by: key)
    }
}
