// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// JSON read in the plainest way (RFC 8259), to say what is right: strict about text, and about nothing that NIP-01 adds.
indirect enum NaiveJSON {
    case null
    case flag(Bool)
    /// As it is spelt.
    case number([UInt8])
    case string(Text)
    case array([NaiveJSON])
    /// In order, equal names and all.
    case object([(name: [UInt8], value: NaiveJSON)])

    /// One string.
    struct Text {
        /// Between the quotes.
        var spelt: [UInt8]
        var meant: [UInt8]
    }

    /// - Returns: `nil` for what is no JSON, or nests deeper than ``NaiveReader/depthMax``.
    init?(_ bytes: [UInt8]) {
        var reader = NaiveReader(bytes)
        guard let value = reader.value(depth: 0), reader.isAtEnd else { return nil }
        self = value
    }

    var text: Text? { if case .string(let text) = self { text } else { nil } }
    var elements: [NaiveJSON]? { if case .array(let elements) = self { elements } else { nil } }
    var members: [(name: [UInt8], value: NaiveJSON)]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// A whole number without sign, fraction or exponent; `.max` for one that is too great.
    var plainNumber: Int64? {
        guard case .number(let digits) = self, digits.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int64(String(decoding: digits, as: UTF8.self)) ?? .max
    }

    /// 64 (or so many) lower-case digits that are spelt out.
    func digits(_ count: Int) -> [UInt8]? {
        guard let text, text.spelt.count == count,
            text.spelt.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        return text.spelt
    }

    /// How deep it nests; 0 for what is no array or object.
    var depth: Int {
        switch self {
        case .null, .flag, .number, .string: 0
        case .array(let elements): 1 + (elements.map(\.depth).max() ?? 0)
        case .object(let members): 1 + (members.map(\.value.depth).max() ?? 0)
        }
    }
}
