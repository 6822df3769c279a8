// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport

/// A history with everything in it that makes a store's life hard: replacements, ties, deletions by their
/// authors and by strangers, before and after their targets, expirations, duplicates.
enum MixedHistory {
    static let start: Int64 = 1_735_689_600

    /// `count` events in the order in which they arrive.
    static func make(_ count: Int, seed: UInt64) -> [ModelEvent] {
        var rng = SplitMix64(seed: seed)
        var events: [ModelEvent] = []
        var postponed: [ModelEvent] = []
        events.reserveCapacity(count)
        while events.count + postponed.count < count {
            let event = next(after: events, of: count, using: &rng)
            // A deletion may come before its target, and the newer version before the older.
            if Int.random(in: 0..<100, using: &rng) < 8 {
                postponed.append(event)
            } else {
                events.append(event)
            }
            if Int.random(in: 0..<100, using: &rng) < 2, let again = events.randomElement(using: &rng) {
                events.append(again)
            }
        }
        return events + postponed.shuffled(using: &rng)
    }

    private static func next(
        after events: [ModelEvent], of count: Int, using rng: inout SplitMix64
    ) -> ModelEvent {
        let author = Int.random(in: 0..<60, using: &rng)
        // Few distinct seconds, so that ties are common.
        let at = start + Int64.random(in: 0..<Int64(max(10, count / 3)), using: &rng)
        let topic = ["t", "topic \(Int.random(in: 0..<30, using: &rng))"]
        let parent = events.randomElement(using: &rng)
        switch Int.random(in: 0..<100, using: &rng) {
        case ..<35:
            var tags = [topic]
            if let parent { tags += [["e", parent.id.hex], ["p", parent.event.pubkey.hex]] }
            return ModelEvent(
                kind: 1, author: author, createdAt: at, tags: tags, content: "note \(rng.next())")
        case ..<45:
            return ModelEvent(
                kind: 7, author: author, createdAt: at, tags: parent.map { [["e", $0.id.hex]] } ?? [],
                content: "+ \(rng.next())")
        case ..<53:
            let kind: UInt16 = [0, 3, 10_002, 10_317].randomElement(using: &rng) ?? 0
            return ModelEvent(
                kind: kind, author: author % 20, createdAt: at, tags: [topic], content: "\(rng.next())")
        case ..<68:
            let kind: UInt16 = [30_023, 30_617, 30_618].randomElement(using: &rng) ?? 30_023
            let name = ["d", "name \(Int.random(in: 0..<8, using: &rng)):\u{1FABA}"]
            return ModelEvent(
                kind: kind, author: author % 20, createdAt: at, tags: [name, topic], content: "\(rng.next())")
        case ..<78:
            let address = parent?.address ?? "30617:\(TestKey.publicKey(author)):nothing"
            return ModelEvent(
                kind: 1621, author: author, createdAt: at, tags: [["a", address], topic],
                content: "\(rng.next())")
        case ..<86:
            var tags = [["K", "1621"]]
            if let parent { tags.append(["E", parent.id.hex]) }
            return ModelEvent(kind: 1111, author: author, createdAt: at, tags: tags, content: "\(rng.next())")
        case ..<92:
            let gone = Bool.random(using: &rng)
            let tags = [["expiration", gone ? "\(at + 1)" : "4102444800"], topic]
            return ModelEvent(kind: 1, author: author, createdAt: at, tags: tags, content: "\(rng.next())")
        case ..<93:
            return ModelEvent(kind: 21_000, author: author, createdAt: at, content: "\(rng.next())")
        default:
            return deletion(of: parent, by: author, at: at, among: events, using: &rng)
        }
    }

    /// A deletion (kind 5), mostly by the author of what it names.
    private static func deletion(
        of parent: ModelEvent?, by stranger: Int, at: Int64, among events: [ModelEvent],
        using rng: inout SplitMix64
    ) -> ModelEvent {
        guard let parent else { return ModelEvent(kind: 5, author: stranger, createdAt: at) }
        let author = Int.random(in: 0..<10, using: &rng) < 8 ? parent.author : stranger
        var tags: [[String]] = []
        if let address = parent.address {
            tags.append(["a", address])
        } else {
            tags.append(["e", parent.id.hex])
            if let other = events.randomElement(using: &rng), other.address == nil {
                tags.append(["e", other.id.hex])
            }
        }
        return ModelEvent(kind: 5, author: author, createdAt: at, tags: tags, content: "\(rng.next())")
    }
}
