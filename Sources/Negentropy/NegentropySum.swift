// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// The sum of ids as little-endian numbers modulo 2^256, and how many they are.
///
/// Ids may be added in any order and taken away again, so that a tree can keep the sum of what is below each node.
public struct NegentropySum: Hashable, Sendable {
    /// Least significant word first.
    private var words: SIMD4<UInt64> = .zero
    /// How many ids were added.
    public private(set) var count: UInt64 = 0

    public init() {}

    /// What ``row`` gave.
    ///
    /// - Returns: `nil` for any other length.
    public init?(row: Span<UInt8>) {
        guard row.count == Self.rowBytes else { return nil }
        row.withUnsafeBytes { bytes in
            for index in 0..<4 {
                words[index] = UInt64(
                    littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
            }
            count = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 32, as: UInt64.self))
        }
    }

    /// **Bytes** of ``row``.
    public static let rowBytes = 40

    /// The sum and then the count, least significant bytes first.
    public var row: InlineArray<40, UInt8> {
        var row = InlineArray<40, UInt8>(repeating: 0)
        var span = row.mutableSpan
        span.withUnsafeMutableBytes { bytes in
            for index in 0..<4 {
                bytes.storeBytes(of: words[index].littleEndian, toByteOffset: 8 * index, as: UInt64.self)
            }
            bytes.storeBytes(of: count.littleEndian, toByteOffset: 32, as: UInt64.self)
        }
        return row
    }

    public mutating func add(_ id: EventID) {
        let words = id.bytes.words
        add(
            SIMD4(words.0.byteSwapped, words.1.byteSwapped, words.2.byteSwapped, words.3.byteSwapped))
        count &+= 1
    }

    public mutating func remove(_ id: EventID) {
        var other = NegentropySum()
        other.add(id)
        remove(other)
    }

    public mutating func add(_ other: NegentropySum) {
        add(other.words)
        count &+= other.count
    }

    public mutating func remove(_ other: NegentropySum) {
        // The two's complement: all bits turned, and one more.
        add(~other.words)
        add(SIMD4(1, 0, 0, 0))
        count &-= other.count
    }

    private mutating func add(_ other: SIMD4<UInt64>) {
        var carry = false
        for index in 0..<4 {
            let (sum, first) = words[index].addingReportingOverflow(other[index])
            let (whole, second) = sum.addingReportingOverflow(carry ? 1 : 0)
            words[index] = whole
            carry = first || second
        }
    }

    /// SHA-256 of the sum and the count, cut to 16 bytes.
    public var fingerprint: NegentropyFingerprint {
        var bytes = InlineArray<42, UInt8>(repeating: 0)
        let length = Varint.length(of: count)
        var span = bytes.mutableSpan
        span.withUnsafeMutableBytes { bytes in
            for index in 0..<4 {
                bytes.storeBytes(of: words[index].littleEndian, toByteOffset: 8 * index, as: UInt64.self)
            }
            for index in 0..<length { bytes[32 + index] = Varint.byte(index, of: count, length) }
        }
        let digest = SHA256.digest(bytes.span.extracting(first: 32 + length))
        return NegentropyFingerprint(high: digest.words.0, low: digest.words.1)
    }
}

/// Sixteen bytes that two sides compare instead of their ids.
public struct NegentropyFingerprint: Hashable, Sendable {
    /// The first eight bytes, big-endian.
    public let high: UInt64
    /// The last eight.
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
