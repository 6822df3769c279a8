// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The words by which an event is found: the one place that says which texts of which kinds are searched.
///
/// | kind | names and titles | and then |
/// |---|---|---|
/// | 0 | `name`, `display_name` | `nip05`, `about` |
/// | 30617 | `name`, `d` | `description` |
/// | 30023 | `title` | `summary`, content |
/// | 1, 1111, 1617, 1618, 1619, 1621, 1622, 1630 … 1633 | `subject` | content |
///
/// The first ``SearchLimits/wordsPerEvent`` words count.
public struct SearchedText: Sendable {
    private let titles: [StaticString]
    private let tags: [StaticString]
    private let body: Body

    private enum Body {
        case none, content, profile
    }

    private static let repository = SearchedText(titles: ["name", "d"], tags: ["description"], body: .none)
    private static let article = SearchedText(titles: ["title"], tags: ["summary"], body: .content)
    private static let note = SearchedText(titles: ["subject"], tags: [], body: .content)
    private static let profile = SearchedText(titles: [], tags: [], body: .profile)

    private static func of(_ kind: Kind) -> SearchedText? {
        switch kind.rawValue {
        case 0: profile
        case 1, 1111, 1617, 1618, 1619, 1621, 1622, 1630...1633: note
        case 30023: article
        case 30617: repository
        default: nil
        }
    }

    /// Whether events of a kind can be found by words.
    @inline(__always)
    public static func isSearched(_ kind: Kind) -> Bool {
        switch kind.rawValue {
        case 0, 1, 1111, 1617, 1618, 1619, 1621, 1622, 1630...1633, 30023, 30617: true
        default: false
        }
    }

    /// Every kind of which that is so.
    public static let kinds: [Kind] = (0...UInt16.max).map { Kind($0) }.filter { isSearched($0) }

    /// Where a word stands.
    public struct Place: Hashable, Sendable {
        /// In a name or a title.
        public var isTitle: Bool
        /// Neighbours in one text have numbers that follow one another; between texts there is a gap.
        public var number: Int
    }

    /// Hands on every word of an event, again when it stands there again, until `body` says `false`.
    ///
    /// - Parameter json: canonical bytes.
    public static func forEachWord(
        of layout: EventLayout, json: Span<UInt8>, _ body: (SearchWord, Place) -> Bool
    ) {
        guard let texts = of(layout.kind) else { return }
        var walk = Walk()
        if texts.body == .profile { return walk.profile(layout, json, body) }
        walk.tags(texts.titles, isTitle: true, layout, json, body)
        if !texts.tags.isEmpty { walk.tags(texts.tags, isTitle: false, layout, json, body) }
        if texts.body == .content {
            let content = (layout.contentStart + 1)..<(layout.contentEnd - 1)
            walk.text(content, json, hasEscapes: true, isTitle: false, body)
        }
    }
}

extension SearchedText {
    /// Counts words over all texts of an event.
    private struct Walk {
        private var room = SearchLimits.wordsPerEvent
        private var number = 0
        private var isOver: Bool { room == 0 }

        @inline(__always)
        mutating func text(
            _ range: Range<Int>, _ bytes: Span<UInt8>, hasEscapes: Bool, isTitle: Bool,
            _ body: (SearchWord, Place) -> Bool
        ) {
            var words = WordScanner(range, hasEscapes: hasEscapes, number: number)
            while room > 0, let word = words.next(in: bytes) {
                room -= 1
                if !body(word, Place(isTitle: isTitle, number: words.number)) { room = 0 }
                number = words.number
            }
            number += 3
        }

        mutating func tags(
            _ names: [StaticString], isTitle: Bool, _ layout: EventLayout, _ json: Span<UInt8>,
            _ body: (SearchWord, Place) -> Bool
        ) {
            var scanner = TagScanner(layout)
            while room > 0, let tag = scanner.next(in: json) {
                guard let value = tag.value, let name = tag.name else { continue }
                let isMeant =
                    tag.nameHasEscapes
                    ? Self.isNamed(names, JSONText.unescaped(json, name).span)
                    : Self.isNamed(names, json.extracting(name))
                if isMeant { text(value, json, hasEscapes: true, isTitle: isTitle, body) }
            }
        }

        private static func isNamed(_ names: [StaticString], _ name: Span<UInt8>) -> Bool {
            names.contains { $0.isSpelt(name) }
        }

        /// Kind 0's content is an object.
        mutating func profile(
            _ layout: EventLayout, _ json: Span<UInt8>, _ body: (SearchWord, Place) -> Bool
        ) {
            let content = JSONText.unescaped(json, (layout.contentStart + 1)..<(layout.contentEnd - 1))
            let names: [StaticString] = ["name", "display_name", "nip05", "about"]
            guard let texts = JSONText.texts(of: content.span, named: names) else { return }
            for (place, bytes) in texts.enumerated() {
                guard room > 0, let bytes else { continue }
                text(0..<bytes.count, bytes.span, hasEscapes: false, isTitle: place < 2, body)
            }
        }
    }
}
