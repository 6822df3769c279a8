// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import TweetCore

/// A row's key while it is put together.
struct RowKey: Hashable, Sendable {
    private(set) var bytes: [UInt8]

    /// - Parameter family: the letter of its family.
    init(_ family: Unicode.Scalar) { bytes = [UInt8(truncatingIfNeeded: family.value)] }
    /// Of a table with one family.
    init() { bytes = [] }
    init(bytes: [UInt8]) { self.bytes = bytes }

    func with(_ number: UInt64) -> RowKey { with(bytes: withUnsafeBytes(of: number.bigEndian) { Array($0) }) }
    func with(_ id: PostID) -> RowKey { with(id.number) }
    func with(_ id: UserID) -> RowKey { with(id.number) }
    /// **Milliseconds** since 1970.
    func with(ms: Int64) -> RowKey { with(UInt64(clamping: ms)) }
    func with(_ id: EventID) -> RowKey { with(bytes: id.bytes.bytes) }
    func with(byte: UInt8) -> RowKey { RowKey(bytes: bytes + [byte]) }
    func with(_ number: UInt32) -> RowKey { with(bytes: withUnsafeBytes(of: number.bigEndian) { Array($0) }) }
    /// Text to the end of the key, or to a zero byte.
    func with(_ text: String) -> RowKey { with(bytes: Array(text.utf8)) }
    func with(bytes more: [UInt8]) -> RowKey { RowKey(bytes: bytes + more) }

    /// Behind every key that begins with this one and eight bytes more.
    var behind: [UInt8] { bytes + [UInt8](repeating: 0xFF, count: 64) }

    /// Whether LMDB takes it.
    var isLegal: Bool { (1...511).contains(bytes.count) }
}

/// The parts of a key that was read.
struct KeyReader {
    private var rest: ArraySlice<UInt8>

    /// - Parameter skipping: how many bytes are known.
    init(_ key: [UInt8], skipping: Int = 1) { rest = key.dropFirst(skipping) }

    mutating func number() -> UInt64? {
        guard rest.count >= 8 else { return nil }
        defer { rest = rest.dropFirst(8) }
        return rest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func short() -> UInt32? {
        guard rest.count >= 4 else { return nil }
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func event() -> EventID? {
        guard rest.count >= 32 else { return nil }
        defer { rest = rest.dropFirst(32) }
        return Bytes32(Array(rest.prefix(32))).map { EventID($0) }
    }

    mutating func byte() -> UInt8? { rest.popFirst() }
    var text: String { String(decoding: rest, as: UTF8.self) }
}
