// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// An event's id: the SHA-256 of its pre-image (NIP-01).
public struct EventID: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let bytes: Bytes32

    @inlinable public init(_ bytes: Bytes32) { self.bytes = bytes }

    /// - Returns: `nil` unless `hex` is 64 lower-case digits.
    public init?(hex: String) {
        var hex = hex
        guard let bytes = hex.withUTF8({ Hex.decode32($0.span) }) else { return nil }
        self.bytes = bytes
    }

    /// 64 lower-case hexadecimal digits.
    public var hex: String { Hex.string(bytes.bytes) }
    public var description: String { hex }

    @inlinable public static func < (a: EventID, b: EventID) -> Bool { a.bytes < b.bytes }
}
