// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// SipHash-2-4 under the store's own secret: eight bytes that stand for a value of any length.
///
/// The secret keeps strangers from choosing values that collide; a record is looked at before it is
/// believed, so a collision costs time and nothing else.
struct KeyHash {
    private var v0, v1, v2, v3: UInt64
    private var tail: UInt64 = 0
    private var tailBytes = 0
    private var total = 0

    /// A store's secret.
    struct Secret: Hashable, Sendable {
        var low: UInt64
        var high: UInt64
    }

    @inline(__always)
    init(_ secret: Secret) {
        v0 = 0x736f_6d65_7073_6575 ^ secret.low
        v1 = 0x646f_7261_6e64_6f6d ^ secret.high
        v2 = 0x6c79_6765_6e65_7261 ^ secret.low
        v3 = 0x7465_6462_7974_6573 ^ secret.high
    }

    @inline(__always)
    mutating func absorb(_ byte: UInt8) {
        tail |= UInt64(byte) << UInt64(8 * tailBytes)
        tailBytes += 1
        total += 1
        if tailBytes == 8 {
            compress(tail)
            tail = 0
            tailBytes = 0
        }
    }

    /// Eight bytes at once; not after single ones.
    @inline(__always)
    mutating func absorb(word: UInt64) {
        compress(word)
        total += 8
    }

    mutating func absorb(_ bytes: Span<UInt8>) {
        var index = 0
        if tailBytes > 0 {
            // Whole words across the seam.
            let shift = UInt64(8 * tailBytes)
            while index + 8 <= bytes.count {
                let word = bytes.word(at: index).byteSwapped
                compress(tail | word << shift)
                tail = word >> (64 - shift)
                index += 8
                total += 8
            }
        } else {
            while index + 8 <= bytes.count {
                compress(bytes.word(at: index).byteSwapped)
                index += 8
                total += 8
            }
        }
        while index < bytes.count {
            absorb(bytes[index])
            index += 1
        }
    }

    @inline(__always)
    consuming func finish() -> UInt64 {
        compress(tail | UInt64(truncatingIfNeeded: total & 0xFF) << 56)
        v2 ^= 0xFF
        for _ in 0..<4 { round() }
        return v0 ^ v1 ^ v2 ^ v3
    }

    @inline(__always)
    private mutating func compress(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    @inline(__always)
    private mutating func round() {
        v0 &+= v1
        v1 = v1 << 13 | v1 >> 51
        v1 ^= v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = v3 << 16 | v3 >> 48
        v3 ^= v2
        v0 &+= v3
        v3 = v3 << 21 | v3 >> 43
        v3 ^= v0
        v2 &+= v1
        v1 = v1 << 17 | v1 >> 47
        v1 ^= v2
        v2 = v2 << 32 | v2 >> 32
    }
}
