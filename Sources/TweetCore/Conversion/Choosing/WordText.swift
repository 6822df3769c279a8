// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a post says, for looking up words; of a repost, what is reposted as well.
struct WordText {
    private let scalars: [Unicode.Scalar]

    init(_ snapshot: Snapshot) {
        var texts = [PostText(snapshot.post).plain()]
        if let reposted = snapshot.referenced(.retweeted) { texts.append(PostText(reposted.post).plain()) }
        self.init(texts.joined(separator: "\n"))
    }

    init(_ text: String) { scalars = Array(text.lowercased().unicodeScalars) }

    /// Whether a word, or several in a row, are there; case does not matter, and a word inside a longer one is none, in
    /// scripts that put spaces between words.
    ///
    /// - Complexity: the product of both lengths at worst.
    func has(_ word: String) -> Bool {
        let word = Array(word.lowercased().unicodeScalars)
        guard let first = word.first, let last = word.last, word.count <= scalars.count else { return false }
        for start in 0...(scalars.count - word.count) where scalars[start] == first {
            let end = start + word.count
            guard scalars[start..<end].elementsEqual(word) else { continue }
            let before = start > 0 && first.isOfWord && scalars[start - 1].isOfWord
            let after = end < scalars.count && last.isOfWord && scalars[end].isOfWord
            if !before, !after { return true }
        }
        return false
    }
}

extension Unicode.Scalar {
    /// A letter or digit of Latin, Greek, Cyrillic, Armenian, Hebrew or Arabic.
    fileprivate var isOfWord: Bool {
        value < 0x700 && (properties.isAlphabetic || properties.numericType != nil)
    }
}
