// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Takes a text apart into words: runs of letters and digits, folded.
///
/// Where no white space parts words (Han, Kana, Hangul, Thai …) every letter is a word, and so is every pair of neighbours:
///
///     Größe 日本語     grosse · 日 · 本 · 日本 · 語 · 本語
struct WordScanner {
    /// How a word was found.
    enum Form {
        case word, single, pair
    }

    private var position: Int
    private let end: Int
    private let hasEscapes: Bool
    /// Where among the words the one that was returned stands; a pair stands where its first letter does.
    private(set) var number = 0
    private(set) var form = Form.word
    private var nextNumber: Int
    /// The letter just before, where it is a word by itself; else 0.
    private var neighbour: UInt32 = 0
    private var pair = SearchWord()

    /// - Parameters:
    ///   - hasEscapes: the text is the inside of a JSON string.
    ///   - number: that of the first word.
    init(_ range: Range<Int>, hasEscapes: Bool, number: Int = 0) {
        position = range.lowerBound
        end = range.upperBound
        self.hasEscapes = hasEscapes
        nextNumber = number
    }

    /// The next word; `nil` at the end.
    @inline(__always)
    mutating func next(in bytes: Span<UInt8>) -> SearchWord? {
        if !pair.isEmpty { return takePair() }
        var word = SearchWord()
        while position < end {
            let byte = bytes[position]
            let folded = Self.fold(byte)
            if folded != 0 {
                word.append(folded)
                position &+= 1
                continue
            }
            if byte < 0x80, byte != UInt8(ascii: "\\") || !hasEscapes {
                position &+= 1
                if !word.isEmpty { return found(word) }
                neighbour = 0
                continue
            }
            if let found = takeScalar(bytes, into: &word) { return found }
        }
        return word.isEmpty ? nil : found(word)
    }

    /// A letter or digit of ASCII in lower case; 0 for all else.
    @inline(__always)
    private static func fold(_ byte: UInt8) -> UInt8 {
        let lower = byte | 0x20
        if lower &- 0x61 < 26 { return lower }
        return byte &- 0x30 < 10 ? byte : 0
    }

    @inline(__always)
    private mutating func found(_ word: SearchWord) -> SearchWord {
        number = nextNumber
        nextNumber &+= 1
        neighbour = 0
        form = .word
        return word
    }

    /// What stands beyond ASCII, or behind a backslash.
    ///
    /// - Returns: a word that is complete.
    @inline(never)
    private mutating func takeScalar(_ bytes: Span<UInt8>, into word: inout SearchWord) -> SearchWord? {
        let isEscape = bytes[position] == UInt8(ascii: "\\")
        let (scalar, length) =
            isEscape
            ? WordScalar.unescape(bytes, at: position, end: end)
            : WordScalar.decode(bytes, at: position, end: end)
        let meaning: WordScalar
        if scalar >= 0x80 {
            meaning = WordScalar(scalar)
        } else {
            let folded = Self.fold(UInt8(truncatingIfNeeded: scalar))
            meaning = folded == 0 ? .gap : .letter(UInt32(folded))
        }
        switch meaning {
        case .nothing: position += length
        case .letter(let letter):
            word.append(scalar: letter)
            position += length
        case .gap:
            position += length
            if !word.isEmpty { return found(word) }
            neighbour = 0
        case .single(let letter):
            // The word before it comes first; this letter is looked at again.
            if !word.isEmpty { return found(word) }
            position += length
            return single(letter)
        }
        return nil
    }

    private mutating func single(_ letter: UInt32) -> SearchWord {
        var word = SearchWord()
        word.append(scalar: letter)
        if neighbour != 0 {
            pair.append(scalar: neighbour)
            pair.append(scalar: letter)
        }
        neighbour = letter
        number = nextNumber
        nextNumber &+= 1
        form = .single
        return word
    }

    private mutating func takePair() -> SearchWord {
        defer { pair = SearchWord() }
        number = nextNumber &- 2
        form = .pair
        return pair
    }
}
