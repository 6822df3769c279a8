// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Words, topics and texts such as people write, with what makes a codec work: escapes, and more than ASCII.
struct Vocabulary: Sendable {
    let words: [String]
    let topics: [String]

    init() {
        var rng = SeededGenerator(seed: 7)
        let (consonants, vowels) = (Array("bcdfghklmnprstvz"), Array("aeiou"))
        var words = (0..<1500).map { _ in
            String(
                (0..<Int.random(in: 2...9, using: &rng)).map { rng.pick($0 % 2 == 0 ? consonants : vowels) })
        }
        topics = ["nostr", "git", "relay", "swift", "nest"] + words.prefix(190)
        words += [
            "naïve", "日本語", "привет", "🪺", "“so”", "\"so\"", "C:\\path", "https://example.com/a?b=c&d=e",
            "#nostr",
        ]
        self.words = words
    }

    /// About `bytes` of prose.
    func text(_ bytes: Int, using rng: inout SeededGenerator) -> String {
        var text = ""
        while text.utf8.count < bytes {
            text += rng.pick(words)
            text += rng.unit() < 0.06 ? rng.pick([".\n", ".\n\n", "? ", "!", ", ", "\t"]) : " "
        }
        return text
    }

    /// About `bytes` of a patch.
    func patch(_ bytes: Int, using rng: inout SeededGenerator) -> String {
        let file = "src/\(rng.pick(words)).swift"
        var text =
            "From \(hex(20, using: &rng)) Mon Sep 17 00:00:00 2001\nSubject: [PATCH] \(rng.pick(words))\n\n---\n"
        text += "diff --git a/\(file) b/\(file)\n--- a/\(file)\n+++ b/\(file)\n@@ -1,7 +1,9 @@\n"
        while text.utf8.count < bytes {
            text += rng.pick([" ", " ", "+", "-"]) + String(repeating: "\t", count: Int(rng.next() % 4))
            text += self.text(40, using: &rng).replacing("\n", with: " ") + "\n"
        }
        return text
    }

    /// `count` bytes as digits: a commit id has 20.
    func hex(_ count: Int, using rng: inout SeededGenerator) -> String {
        let digits = Array("0123456789abcdef")
        return String((0..<2 * count).map { _ in rng.pick(digits) })
    }
}
