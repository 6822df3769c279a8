// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// The end of a range, which does not belong to it: a timestamp and the first bytes of an id.
///
/// It lies before every item of its timestamp whose id begins with these bytes or comes after them.
public struct NegentropyBound: Hashable, Sendable, Comparable {
    /// **Seconds** since 1970; `UInt64.max` is infinity.
    public let timestamp: UInt64
    /// The bytes, then zeros.
    public let prefix: Bytes32
    /// How many bytes of `prefix` count, 0 … 32.
    public let length: Int

    /// After everything.
    public static let infinity = NegentropyBound(timestamp: .max)

    public init(timestamp: UInt64) {
        self.timestamp = timestamp
        prefix = Bytes32(words: (0, 0, 0, 0))
        length = 0
    }

    /// - Parameter length: **bytes** of `id` that count, 0 … 32.
    public init(timestamp: UInt64, id: EventID, length: Int) {
        precondition((0...32).contains(length), "an id has 32 bytes")
        self.timestamp = timestamp
        self.length = length
        let words = id.bytes.words
        func kept(_ word: UInt64, _ index: Int) -> UInt64 {
            let bits = min(64, max(0, (length - 8 * index) * 8))
            // Swift's shift by 64 gives zero.
            return word & ~(UInt64.max >> UInt64(bits))
        }
        prefix = Bytes32(words: (kept(words.0, 0), kept(words.1, 1), kept(words.2, 2), kept(words.3, 3)))
    }

    /// Just before `item`.
    public init(before item: NegentropyItem) {
        self.init(timestamp: item.timestamp, id: item.id, length: 32)
    }

    /// The shortest bound that lies after `previous` and not after `next`.
    public init(between previous: NegentropyItem, and next: NegentropyItem) {
        guard previous.timestamp == next.timestamp else {
            self.init(timestamp: next.timestamp)
            return
        }
        let shared = Self.sharedBytes(previous.id.bytes, next.id.bytes)
        self.init(timestamp: next.timestamp, id: next.id, length: min(32, shared + 1))
    }

    /// Whether `item` lies before this bound.
    public func isAfter(_ item: NegentropyItem) -> Bool {
        item.timestamp == timestamp ? item.id.bytes < prefix : item.timestamp < timestamp
    }

    public static func < (a: NegentropyBound, b: NegentropyBound) -> Bool {
        a.timestamp == b.timestamp ? a.prefix < b.prefix : a.timestamp < b.timestamp
    }

    private static func sharedBytes(_ a: Bytes32, _ b: Bytes32) -> Int {
        let differences = (
            a.words.0 ^ b.words.0, a.words.1 ^ b.words.1, a.words.2 ^ b.words.2, a.words.3 ^ b.words.3
        )
        if differences.0 != 0 { return differences.0.leadingZeroBitCount / 8 }
        if differences.1 != 0 { return 8 + differences.1.leadingZeroBitCount / 8 }
        if differences.2 != 0 { return 16 + differences.2.leadingZeroBitCount / 8 }
        return 24 + differences.3.leadingZeroBitCount / 8
    }
}
