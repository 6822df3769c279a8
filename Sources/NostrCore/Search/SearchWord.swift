// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A word as it is searched for: folded, in UTF-8, cut after ``SearchLimits/wordBytes``.
public struct SearchWord: Hashable, Sendable {
    /// Its bytes, the first lowest; zeros follow.
    public private(set) var pieces: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    public private(set) var count = 0
    /// Something was left out: whatever follows is, too.
    private var isCut = false

    public init() {}

    public var isEmpty: Bool { count == 0 }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        guard count < SearchLimits.wordBytes, !isCut else { return isCut = true }
        store(byte)
    }

    @inline(__always)
    private mutating func store(_ byte: UInt8) {
        let bits = UInt64(byte) << UInt64((count & 7) &* 8)
        switch count >> 3 {
        case 0: pieces.0 |= bits
        case 1: pieces.1 |= bits
        case 2: pieces.2 |= bits
        default: pieces.3 |= bits
        }
        count &+= 1
    }

    /// Appends a folded scalar; a ligature counts as its letters.
    mutating func append(scalar: UInt32) {
        switch scalar {
        case 0xDF: append("s", "s")
        case 0xE6: append("a", "e")
        case 0x153: append("o", "e")
        case ..<0x80: append(UInt8(truncatingIfNeeded: scalar))
        default:
            let length = scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4
            guard count + length <= SearchLimits.wordBytes, !isCut else { return isCut = true }
            let lead: UInt32 = length == 2 ? 0xC0 : length == 3 ? 0xE0 : 0xF0
            store(UInt8(truncatingIfNeeded: lead | scalar >> UInt32(6 * (length - 1))))
            for place in stride(from: length - 2, through: 0, by: -1) {
                store(UInt8(truncatingIfNeeded: 0x80 | (scalar >> UInt32(6 * place)) & 0x3F))
            }
        }
    }

    private mutating func append(_ first: Unicode.Scalar, _ second: Unicode.Scalar) {
        append(UInt8(ascii: first))
        append(UInt8(ascii: second))
    }

    public static func == (a: SearchWord, b: SearchWord) -> Bool {
        a.pieces.0 == b.pieces.0 && a.pieces.1 == b.pieces.1 && a.pieces.2 == b.pieces.2
            && a.pieces.3 == b.pieces.3
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(pieces.0)
        hasher.combine(pieces.1)
        hasher.combine(pieces.2)
        hasher.combine(pieces.3)
    }

    /// UTF-8.
    public var bytes: [UInt8] {
        [pieces.0, pieces.1, pieces.2, pieces.3].flatMap { piece in
            (0..<8).map { UInt8(truncatingIfNeeded: piece >> UInt64(8 * $0)) }
        }.prefix(count).map(\.self)
    }
}

extension SearchWord: CustomStringConvertible {
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

/// Every bound of searching that readers and the index share: both must see the same words.
public enum SearchLimits {
    /// **Bytes** of a word that count.
    public static let wordBytes = 32
    /// Words of one event that can be found, names and titles first.
    public static let wordsPerEvent = 256
    /// **Bytes** of a search.
    public static let queryBytes = 1_024
    /// Words of a search.
    public static let queryWords = 32
    /// Changes with what makes a word, so that an index of other words is made anew.
    public static let version: UInt16 = 1
}
