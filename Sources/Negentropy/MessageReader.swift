// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Takes a message apart, from its first byte to its last.
struct MessageReader {
    private let bytes: [UInt8]
    private var position = 0
    private var lastTimestamp: UInt64 = 0
    private(set) var lastBound = NegentropyBound(timestamp: 0)

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }
    private var remaining: Int { bytes.count - position }

    mutating func byte() throws(NegentropyError) -> UInt8 {
        guard remaining > 0 else { throw .truncated }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func varint() throws(NegentropyError) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<Varint.longest {
            let byte = try byte()
            guard index > 0 || byte != 0x80, value >> 57 == 0 else { throw .number }
            value = value << 7 | UInt64(byte & 0x7F)
            if byte & 0x80 == 0 { return value }
        }
        throw .number
    }

    /// - Throws: unless it lies at or after the bound read before.
    mutating func bound() throws(NegentropyError) -> NegentropyBound {
        let delta = try varint()
        if delta == 0 {
            lastTimestamp = .max
        } else {
            let (sum, overflow) = lastTimestamp.addingReportingOverflow(delta - 1)
            lastTimestamp = overflow ? .max : sum
        }
        let length = try varint()
        guard length <= 32 else { throw .prefixLength(length) }
        guard remaining >= Int(length) else { throw .truncated }
        var prefix = Bytes32(words: (0, 0, 0, 0))
        if length > 0 {
            var padded = Array(bytes[position..<(position + Int(length))])
            padded += repeatElement(0, count: 32 - Int(length))
            prefix = Bytes32(padded) ?? prefix
            position += Int(length)
        }
        let bound = NegentropyBound(timestamp: lastTimestamp, id: EventID(prefix), length: Int(length))
        guard !(bound < lastBound) else { throw .backwards }
        lastBound = bound
        return bound
    }

    mutating func fingerprint() throws(NegentropyError) -> NegentropyFingerprint {
        guard remaining >= 16 else { throw .truncated }
        defer { position += 16 }
        return NegentropyFingerprint(high: word(at: position), low: word(at: position + 8))
    }

    /// A list of ids, its number of them first.
    mutating func ids() throws(NegentropyError) -> IDs {
        let count = try varint()
        guard count <= UInt64(remaining / 32) else { throw .truncated }
        defer { position += 32 * Int(count) }
        return IDs(bytes: bytes, start: position, count: Int(count))
    }

    private func word(at index: Int) -> UInt64 { IDs.word(bytes, at: index) }

    /// Ids where they stand in the message.
    struct IDs: Sequence, IteratorProtocol {
        fileprivate let bytes: [UInt8]
        private var position: Int
        /// How many have not been given.
        private(set) var count: Int

        fileprivate init(bytes: [UInt8], start: Int, count: Int) {
            (self.bytes, position, self.count) = (bytes, start, count)
        }

        var underestimatedCount: Int { count }

        mutating func next() -> EventID? {
            guard count > 0 else { return nil }
            defer { (position, count) = (position + 32, count - 1) }
            let words = (
                Self.word(bytes, at: position), Self.word(bytes, at: position + 8),
                Self.word(bytes, at: position + 16), Self.word(bytes, at: position + 24)
            )
            return EventID(Bytes32(words: words))
        }

        fileprivate static func word(_ bytes: [UInt8], at index: Int) -> UInt64 {
            bytes.withUnsafeBytes {
                UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            }
        }
    }
}
