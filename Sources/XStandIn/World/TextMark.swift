// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A handle, tag or link that stands in a text.
struct TextMark: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case mention
        case hashtag
        case cashtag
    }

    var kind: Kind
    /// Without the sign before it.
    var word: String
    /// Code points from the beginning of the text to the sign, and to the end of the word.
    var start: Int
    var end: Int

    /// Every handle and tag of a text, in its order. A sign within a word or a link does not count.
    static func all(in text: String) -> [TextMark] {
        let scalars = Array(text.unicodeScalars)
        var marks: [TextMark] = []
        var place = 0
        while place < scalars.count {
            if startsLink(scalars, place) {
                while place < scalars.count, !scalars[place].properties.isWhitespace { place += 1 }
                continue
            }
            let before = place == 0 ? nil : scalars[place - 1]
            if let kind = kind(of: scalars[place]), !isWord(before) {
                var end = place + 1
                while end < scalars.count, belongs(scalars[end], to: kind) { end += 1 }
                if end > place + 1, kind != .mention || end - place <= 16 {
                    let word = String(String.UnicodeScalarView(scalars[(place + 1)..<end]))
                    if kind != .hashtag
                        || !word.unicodeScalars.allSatisfy({ $0.properties.numericType != nil })
                    {
                        marks.append(TextMark(kind: kind, word: word, start: place, end: end))
                    }
                }
                place = max(end, place + 1)
            } else {
                place += 1
            }
        }
        return marks
    }

    /// The first `http://` or `https://` link of a text, up to white space; signs at its end do not belong to it.
    static func firstLink(in text: Substring) -> Range<Substring.Index>? {
        var place = text.startIndex
        while let found = text[place...].firstIndex(of: "h") {
            let rest = text[found...]
            if rest.hasPrefix("https://") || rest.hasPrefix("http://") {
                var end = rest.firstIndex(where: \.isWhitespace) ?? rest.endIndex
                while end > found, ".,;:!?)\"'".contains(text[text.index(before: end)]) {
                    end = text.index(before: end)
                }
                if text[found..<end].count > 9 { return found..<end }
            }
            place = text.index(after: found)
        }
        return nil
    }

    private static func startsLink(_ scalars: [Unicode.Scalar], _ place: Int) -> Bool {
        guard scalars[place] == "h" else { return false }
        return ["https://", "http://"].contains { scheme in
            scalars[place...].starts(with: scheme.unicodeScalars)
        }
    }

    private static func kind(of scalar: Unicode.Scalar) -> Kind? {
        switch scalar {
        case "@": .mention
        case "#": .hashtag
        case "$": .cashtag
        default: nil
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        return scalar == "_" || scalar == "&" || scalar.properties.isAlphabetic
            || scalar.properties.numericType != nil
    }

    private static func belongs(_ scalar: Unicode.Scalar, to kind: Kind) -> Bool {
        switch kind {
        case .mention: scalar.isASCII && isHandleByte(UInt8(truncatingIfNeeded: scalar.value))
        case .hashtag: scalar == "_" || isWord(scalar) && scalar != "&"
        case .cashtag: scalar.isASCII && scalar.properties.isAlphabetic
        }
    }
}
