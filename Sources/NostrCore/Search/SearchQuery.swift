// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a filter searches for (NIP-50): words that must all stand in an event.
///
/// `key:value` is an extension; none is offered, so all are passed over. Where nothing else is asked for, everything matches.
public struct SearchQuery: Hashable, Sendable {
    /// On the heap: most filters search for nothing, and there are many of them.
    private let parts: Parts

    private final class Parts: Sendable {
        let text: TagValue
        let words: [SearchWord]
        let phrase: [(word: Int, number: Int)]
        /// Something was asked for, and be it without a letter.
        let asks: Bool

        init(text: TagValue, words: [SearchWord], phrase: [(word: Int, number: Int)], asks: Bool) {
            self.text = text
            self.words = words
            self.phrase = phrase
            self.asks = asks
        }
    }

    /// As it was asked.
    public var text: TagValue { parts.text }
    /// Each once. Of letters that are words by themselves, pairs stand for both.
    public var words: [SearchWord] { parts.words }
    /// Every word as it stands in the text, for whoever wants to know whether an event has the very phrase.
    var phrase: [(word: Int, number: Int)] { parts.phrase }

    /// Takes a search apart.
    public init(_ text: TagValue) throws(FilterError) {
        guard text.bytes.count <= SearchLimits.queryBytes else {
            throw .invalid("search has at most \(SearchLimits.queryBytes) bytes")
        }
        let plain = Self.withoutExtensions(text.bytes)
        let found = Self.words(of: plain)
        let paired = Set(found.filter { $0.form == .pair }.flatMap { [$0.number, $0.number + 1] })
        var words: [SearchWord] = []
        var phrase: [(word: Int, number: Int)] = []
        for (word, number, form) in found where form != .single || !paired.contains(number) {
            let place = words.firstIndex(of: word) ?? words.count
            if place == words.count { words.append(word) }
            phrase.append((place, number))
        }
        guard words.count <= SearchLimits.queryWords else {
            throw .invalid("search has at most \(SearchLimits.queryWords) words")
        }
        parts = Parts(text: text, words: words, phrase: phrase, asks: plain.contains { $0 > 0x20 })
    }

    private static func words(
        of text: [UInt8]
    ) -> [(word: SearchWord, number: Int, form: WordScanner.Form)] {
        var found: [(word: SearchWord, number: Int, form: WordScanner.Form)] = []
        var scanner = WordScanner(0..<text.count, hasEscapes: false)
        while let word = scanner.next(in: text.span) { found.append((word, scanner.number, scanner.form)) }
        return found
    }

    /// Everything matches.
    public var isUnrestricted: Bool { !parts.asks }
    /// Nothing does: what is asked for has no letter.
    public var matchesNothing: Bool { parts.asks && words.isEmpty }

    public static func == (a: SearchQuery, b: SearchQuery) -> Bool { a.text == b.text }
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// Puts a space for every `key:value`. A URL is none.
    private static func withoutExtensions(_ text: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        for token in text.split(whereSeparator: { $0 <= 0x20 }) where !isExtension(token) {
            plain += token
            plain.append(0x20)
        }
        return plain
    }

    private static func isExtension(_ token: ArraySlice<UInt8>) -> Bool {
        guard let colon = token.firstIndex(of: UInt8(ascii: ":")), colon > token.startIndex,
            colon + 1 < token.endIndex
        else { return false }
        let isKey = token[..<colon].allSatisfy { byte in
            let lower = byte | 0x20
            return lower &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5F || byte == 0x2D
        }
        return isKey && !token[(colon + 1)...].starts(with: "//".utf8)
    }
}

extension SearchQuery {
    /// Whether every word stands in an event, on its canonical bytes.
    public func matches(json: Span<UInt8>, layout: EventLayout) -> Bool {
        if isUnrestricted { return true }
        guard SearchedText.isSearched(layout.kind) else { return false }
        let words = words
        if words.isEmpty { return false }
        var missing: UInt64 = (1 << UInt64(words.count)) - 1
        SearchedText.forEachWord(of: layout, json: json) { word, _ in
            for index in words.indices where words[index] == word { missing &= ~(1 << UInt64(index)) }
            return missing != 0
        }
        return missing == 0
    }
}
