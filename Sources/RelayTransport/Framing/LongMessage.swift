// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A message that is handed over in parts, as they come: how far it was read.
struct LongMessage: Hashable, Sendable {
    /// Payload bytes of all its frames that have begun.
    private(set) var length: Int
    /// Payload bytes that the frame at hand still has.
    private(set) var remaining = 0
    /// The masking key, turned to the next byte.
    private var mask: UInt32?
    private var isFinal = false

    /// - Parameter length: of the frames that came before it was known to be a long one.
    init(length: Int) { self.length = length }

    var isOver: Bool { isFinal && remaining == 0 }

    mutating func begin(_ header: FrameHeader) {
        length += header.payloadLength
        (remaining, mask, isFinal) = (header.payloadLength, header.mask, header.isFinal)
    }

    /// Moves past so many bytes of the frame.
    ///
    /// - Returns: what they are masked with.
    mutating func take(_ count: Int) -> UInt32? {
        remaining -= count
        defer { mask = mask.map { Self.turned($0, by: count) } }
        return mask
    }

    /// The key as it lies in memory for whoever goes on after `count` bytes.
    private static func turned(_ key: UInt32, by count: Int) -> UInt32 {
        let first = UInt32(littleEndian: key)
        let bits = UInt32(count & 3) * 8
        return (bits == 0 ? first : first >> bits | first << (32 - bits)).littleEndian
    }
}
