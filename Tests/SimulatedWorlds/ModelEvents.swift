// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport

/// Makes events without signatures: the planner never looks at them.
struct ModelEvents {
    private var number: UInt64 = 0
    private var rng: SplitMix64

    init(rng: SplitMix64) { self.rng = rng }

    static func key(_ n: Int) -> PublicKey {
        PublicKey(Bytes32(words: (UInt64(n) &* 0x9E37_79B9_7F4A_7C15, 7, 7, UInt64(n))))
    }

    mutating func event(_ kind: Kind, by author: Int, at time: Timestamp, _ tags: [[String]]) -> Event {
        number += 1
        let id = EventID(Bytes32(words: (rng.next(), rng.next(), 1, number)))
        let written = tags.map { "[" + $0.map { "\"\($0)\"" }.joined(separator: ",") + "]" }.joined(
            separator: ",")
        let json =
            "{\"id\":\"\(id.hex)\",\"pubkey\":\"\(Self.key(author).hex)\",\"created_at\":\(time.seconds),"
            + "\"kind\":\(kind.rawValue),\"tags\":[\(written)],\"content\":\"\",\"sig\":\""
            + String(repeating: "0", count: 128) + "\"}"
        guard let event = Event(canonical: Array(json.utf8)) else {
            preconditionFailure("not canonical: \(json)")
        }
        return event
    }
}

extension Event {
    /// The same id and the same words under a signature that nobody made.
    var forged: Event? {
        let signature = String(repeating: "f", count: 128)
        return Event(canonical: Array(json.dropLast(130)) + Array("\(signature)\"}".utf8))
    }

    var isForged: Bool { json.dropLast(2).last == UInt8(ascii: "f") }
}
