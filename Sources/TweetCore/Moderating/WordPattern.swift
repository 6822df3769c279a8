// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Words that are looked for in a text, whole and without case: `free money`, and with `*` for any letters at either end
/// of one: `crypto*`, `*coin`, `*scam*`.
public struct WordPattern: Hashable, Sendable, Codable, CustomStringConvertible {
    private var words: [Word]

    /// Words of one pattern.
    public static let mostWords = 16
    /// **Bytes** of one pattern.
    public static let mostBytes = 256

    private struct Word: Hashable, Sendable, Codable {
        var text: String
        var beginsAnyhow: Bool
        var endsAnyhow: Bool

        func matches(_ word: Substring) -> Bool {
            switch (beginsAnyhow, endsAnyhow) {
            case (false, false): word == text
            case (false, true): word.hasPrefix(text)
            case (true, false): word.hasSuffix(text)
            case (true, true): word.contains(text)
            }
        }
    }

    /// - Returns: `nil` when there is no word in it, or too much.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.mostBytes else { return nil }
        words = []
        for part in text.lowercased().split(whereSeparator: \.isWhitespace) {
            let isOpen = (part.hasPrefix("*"), part.hasSuffix("*"))
            let core = part.split(separator: "*", omittingEmptySubsequences: true)
            guard core.count == 1, let letters = core.first else { return nil }
            let pieces = FoldedText(String(letters)).words
            for (index, piece) in pieces.enumerated() {
                words.append(
                    Word(
                        text: String(piece), beginsAnyhow: index == 0 && isOpen.0,
                        endsAnyhow: index == pieces.count - 1 && isOpen.1))
            }
        }
        guard (1...Self.mostWords).contains(words.count) else { return nil }
    }

    /// Whether its words stand in a text, one after the other.
    public func matches(_ text: FoldedText) -> Bool {
        guard text.words.count >= words.count else { return false }
        return (0...(text.words.count - words.count)).contains { start in
            words.indices.allSatisfy { words[$0].matches(text.words[start + $0]) }
        }
    }

    public var description: String {
        words.map { ($0.beginsAnyhow ? "*" : "") + $0.text + ($0.endsAnyhow ? "*" : "") }.joined(
            separator: " ")
    }
}

/// A text taken apart into words, once for all patterns.
public struct FoldedText: Hashable, Sendable {
    /// Runs of letters, digits, marks and `_`, in lower case.
    let words: [Substring]

    public init(_ text: String) {
        words = text.lowercased().split { character in
            !(character.isLetter || character.isNumber || character == "_")
        }
    }
}
