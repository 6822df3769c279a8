// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore

/// What can be searched for, read with the means of Foundation.
enum NaiveWords {
    static func all(of event: Event, _ tags: [Tag]) -> Set<String> {
        var words: Set<String> = []
        for text in texts(event, tags) { words.formUnion(self.words(of: text, asked: false)) }
        return words
    }

    private static func texts(_ event: Event, _ tags: [Tag]) -> [String] {
        func values(_ names: TagValue...) -> [String] {
            tags.filter { tag in tag.name.map { names.contains($0) } ?? false }.compactMap {
                $0.value?.string
            }
        }
        let content = event.content
        switch event.kind.rawValue {
        case 0:
            guard let object = try? JSONSerialization.jsonObject(with: Data(content.utf8)) as? [String: Any]
            else { return [] }
            return ["name", "display_name", "about", "nip05"].compactMap { object[$0] as? String }
        case 1, 1111, 1617, 1618, 1619, 1621, 1622, 1630...1633: return values("subject") + [content]
        case 30023: return values("title", "summary") + [content]
        case 30617: return values("name", "d", "description")
        default: return []
        }
    }

    static func match(_ search: String, _ there: Set<String>) -> Bool {
        let tokens = search.split(separator: " ").filter { !$0.contains(":") }
        if tokens.isEmpty { return true }
        let words = tokens.reduce(into: Set<String>()) {
            $0.formUnion(self.words(of: String($1), asked: true))
        }
        return !words.isEmpty && words.isSubset(of: there)
    }

    /// - Parameter asked: of letters that are words by themselves, pairs alone where there are any.
    private static func words(of text: String, asked: Bool) -> Set<String> {
        let folded = text.replacingOccurrences(of: "ß", with: "ss")
            .folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
        var words: Set<String> = []
        for run in folded.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            let single = run.unicodeScalars.filter(\.properties.isIdeographic).map { String($0) }
            guard !single.isEmpty else {
                words.insert(String(String.UnicodeScalarView(run.unicodeScalars.prefix(32))))
                continue
            }
            let pairs = zip(single, single.dropFirst()).map { $0 + $1 }
            words.formUnion(pairs)
            if !asked || pairs.isEmpty { words.formUnion(single) }
        }
        return words
    }
}
