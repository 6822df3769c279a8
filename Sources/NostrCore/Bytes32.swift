// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Thirty-two bytes: an event id, a public key or a hash, ordered as NIP-01 orders them (byte by byte).
public struct Bytes32: Hashable, Sendable, Comparable {
    /// The bytes as four big-endian words, so that comparing words compares bytes.
    public let words: (UInt64, UInt64, UInt64, UInt64)

    @inlinable public init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// - Returns: `nil` unless there are exactly 32 bytes.
    public init?(_ bytes: Span<UInt8>) {
        guard bytes.count == 32 else { return nil }
        func word(_ at: Int) -> UInt64 {
            var value: UInt64 = 0
            for index in at..<(at + 8) { value = value << 8 | UInt64(bytes[index]) }
            return value
        }
        words = (word(0), word(8), word(16), word(24))
    }

    /// - Returns: `nil` unless there are exactly 32 bytes.
    public init?(_ bytes: [UInt8]) { self.init(bytes.span) }

    /// The 32 bytes in order.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            var index = 0
            for word in [words.0, words.1, words.2, words.3] {
                for shift in stride(from: 56, through: 0, by: -8) {
                    buffer[index] = UInt8(truncatingIfNeeded: word >> UInt64(shift))
                    index += 1
                }
            }
            count = 32
        }
    }

    @inlinable public static func == (a: Bytes32, b: Bytes32) -> Bool {
        a.words.0 == b.words.0 && a.words.1 == b.words.1 && a.words.2 == b.words.2 && a.words.3 == b.words.3
    }

    @inlinable public func hash(into hasher: inout Hasher) {
        // All of them: strangers choose the values of tags, and would otherwise make as many as they like collide.
        withUnsafeBytes(of: words) { hasher.combine(bytes: $0) }
    }

    @inlinable public static func < (a: Bytes32, b: Bytes32) -> Bool {
        if a.words.0 != b.words.0 { return a.words.0 < b.words.0 }
        if a.words.1 != b.words.1 { return a.words.1 < b.words.1 }
        if a.words.2 != b.words.2 { return a.words.2 < b.words.2 }
        return a.words.3 < b.words.3
    }
}
