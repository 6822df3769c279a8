// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A piece of UTF-8 text that is compared byte by byte, as Nostr compares tag values.
///
/// Swift's `String` treats composed and decomposed letters as equal; two tag values that differ in
/// a byte are different values, so identifiers, tag values and subscription ids are of this type.
public struct TagValue: Hashable, Sendable, Comparable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// UTF-8.
    public let bytes: [UInt8]

    @inlinable public init(bytes: [UInt8]) { self.bytes = bytes }
    public init(_ text: some StringProtocol) { bytes = Array(text.utf8) }
    public init(stringLiteral text: String) { bytes = Array(text.utf8) }

    public var string: String { String(decoding: bytes, as: UTF8.self) }
    public var description: String { string }
    @inlinable public var isEmpty: Bool { bytes.isEmpty }

    public static func < (a: TagValue, b: TagValue) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

    @inlinable public static func == (a: TagValue, b: TagValue) -> Bool { a.bytes == b.bytes }

    @inlinable public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
