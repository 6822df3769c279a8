// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a Unicode scalar is to words.
enum WordScalar: Hashable {
    /// It parts words.
    case gap
    /// It says nothing: a combining accent, a soft hyphen.
    case nothing
    /// Part of a word, folded.
    case letter(UInt32)
    /// A word by itself: of Han, Kana, Hangul, Thai and others.
    case single(UInt32)

    /// Beyond ASCII.
    init(_ scalar: UInt32) {
        switch scalar {
        case 0xAD, 0x300...0x36F, 0x200B...0x200D, 0x2060, 0xFE00...0xFE0F, 0xFEFF: self = .nothing
        // Full-width forms of ASCII.
        case 0xFF10...0xFF19: self = .letter(scalar - 0xFEE0)
        case 0xFF21...0xFF3A: self = .letter(scalar - 0xFEC0)
        case 0xFF41...0xFF5A: self = .letter(scalar - 0xFEE0)
        default:
            if Self.isListed(scalar, in: Self.singles) {
                self = .single(scalar)
            } else if Self.isListed(scalar, in: Self.letters) {
                self = .letter(Self.fold(scalar))
            } else {
                self = .gap
            }
        }
    }

    private static func fold(_ scalar: UInt32) -> UInt32 {
        let place: UInt32
        if foldedRange.contains(scalar) {
            place = scalar - foldedRange.lowerBound
        } else if extendedRange.contains(scalar) {
            place = scalar - extendedRange.lowerBound + UInt32(foldedRange.count)
        } else {
            return scalar
        }
        let found = folded[Int(place)]
        return found == 0 ? scalar : UInt32(found)
    }

    /// Binary search among runs.
    private static func isListed(_ scalar: UInt32, in runs: [UInt32]) -> Bool {
        // The number of bounds that are not above it: odd inside a run.
        var low = 0
        var high = runs.count / 2
        while low < high {
            let middle = (low + high) / 2
            if runs[2 * middle] <= scalar { low = middle + 1 } else { high = middle }
        }
        return low > 0 && scalar <= runs[2 * low - 1]
    }
}

extension WordScalar {
    /// The scalar that begins at a place of valid UTF-8, and how many bytes it has.
    @inline(__always)
    static func decode(_ bytes: Span<UInt8>, at: Int, end: Int) -> (scalar: UInt32, length: Int) {
        let first = UInt32(bytes[at])
        func rest(_ offset: Int) -> UInt32 { UInt32(bytes[at + offset]) & 0x3F }
        if first >= 0xF0, at + 4 <= end {
            return ((first & 0x07) << 18 | rest(1) << 12 | rest(2) << 6 | rest(3), 4)
        }
        if first >= 0xE0, first < 0xF0, at + 3 <= end {
            return ((first & 0x0F) << 12 | rest(1) << 6 | rest(2), 3)
        }
        if first >= 0xC0, first < 0xE0, at + 2 <= end { return ((first & 0x1F) << 6 | rest(1), 2) }
        return (0, 1)
    }

    /// The scalar that an escape in a JSON string stands for; 0 for white space and what cannot be read.
    static func unescape(_ json: Span<UInt8>, at: Int, end: Int) -> (scalar: UInt32, length: Int) {
        guard at + 1 < end else { return (0, 1) }
        guard let unit = JSONText.codeUnit(in: json, at: at, end: end) else { return (0, 2) }
        if unit & 0xFC00 == 0xD800, let low = JSONText.codeUnit(in: json, at: at + 6, end: end),
            low & 0xFC00 == 0xDC00
        {
            return (0x10000 + (UInt32(unit) & 0x3FF) << 10 + UInt32(low & 0x3FF), 12)
        }
        return (UInt32(unit), 6)
    }
}
