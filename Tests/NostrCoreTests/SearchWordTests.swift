// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

@testable import NostrCore

/// How texts are taken apart into words.
@Suite struct SearchWordTests {
    static func words(_ text: String, hasEscapes: Bool = false) -> [String] {
        let bytes = Array(text.utf8)
        var scanner = WordScanner(0..<bytes.count, hasEscapes: hasEscapes)
        var words: [String] = []
        while let word = scanner.next(in: bytes.span) { words.append(word.description) }
        return words
    }

    @Test(arguments: [
        ("", ""), ("Hello, World!", "hello world"), ("don't", "don t"), ("my_repo-2.0", "my repo 2 0"),
        ("Größe ÆSIR Œuvre", "grosse aesir oeuvre"), ("Ça déjà vu, naïve", "ca deja vu naive"),
        ("ПРИВЕТ Ёлка", "привет елка"), ("ΣΊΣΥΦΟΣ", "σισυφοσ"), ("Việt Nam", "viet nam"),
        ("cafe\u{301} soft\u{AD}hyphen", "cafe softhyphen"), ("ＦＵＬＬ１２", "full12"),
        ("日本語", "日 本 日本 語 本語"), ("git日本 go", "git 日 本 日本 go"), ("日 本", "日 本"),
        ("서울", "서 울 서울"), ("हिन्दी भाषा", "हिन्दी भाषा"), ("العربية", "العربية"),
        ("🚀 … — “quoted” 3×4", "quoted 3 4"), ("ǅ", "ǆ"),
    ])
    func `words are folded runs of letters and digits`(text: String, expected: String) {
        #expect(Self.words(text).joined(separator: " ") == expected)
    }

    @Test func `escapes of JSON are read as what they stand for`() {
        let text = #"one\ntwo\tthr\u0065e \"four\" back\\slash \u00e9t\u00c9 \ud83d\ude80 \u65e5\u672c"#
        #expect(
            Self.words(text, hasEscapes: true) == [
                "one", "two", "three", "four", "back", "slash", "ete", "日", "本", "日本",
            ])
    }

    @Test func `a word is cut after its bound, between two letters`() {
        #expect(Self.words(String(repeating: "a", count: 100)) == [String(repeating: "a", count: 32)])
        let odd = "x" + String(repeating: "д", count: 40)
        #expect(Self.words(odd) == ["x" + String(repeating: "д", count: 15)])
        // What follows the cut does not come back.
        #expect(
            Self.words("x" + String(repeating: "д", count: 15) + "дa") == [
                "x" + String(repeating: "д", count: 15)
            ])
    }

    @Test func `pairs stand where their first letter does`() {
        let bytes = Array("日本語 x".utf8)
        var scanner = WordScanner(0..<bytes.count, hasEscapes: false)
        var numbers: [Int] = []
        while scanner.next(in: bytes.span) != nil { numbers.append(scanner.number) }
        #expect(numbers == [0, 1, 0, 2, 1, 3])
    }

    @Test(arguments: 0..<40)
    func `whatever the text, words are folded, bounded, and the same escaped or not`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let alphabet = Array(
            "aZ9 \u{E9}\u{C9}ßæ\u{301}日本語かなカナ한국ไทยдЁΣ\u{200D}\u{FE0F}🚀\"\\\n\t\u{8}\u{1}\u{10FFFF}_-:Ａ"
                .unicodeScalars)
        for _ in 0..<200 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...60, using: &random) {
                if Int.random(in: 0..<8, using: &random) == 0 {
                    let value = UInt32.random(in: 1...0x10FFFF, using: &random)
                    if let scalar = Unicode.Scalar(value) { text.append(scalar) }
                } else {
                    text.append(try #require(alphabet.randomElement(using: &random)))
                }
            }
            let plain = String(text)
            let words = Self.words(plain)
            var escaped: [UInt8] = []
            JSONText.appendEscaped(Array(plain.utf8).span, to: &escaped)
            #expect(Self.words(String(decoding: escaped, as: UTF8.self), hasEscapes: true) == words)
            for word in words {
                #expect((1...32).contains(word.utf8.count))
                #expect(Self.words(word).contains(word), "\(word) is not folded")
            }
        }
    }

    @Test func `every scalar is a gap, or a word that a search for it finds`() throws {
        let values = Array(UInt32(1)...0x3100) + stride(from: 0x3101, to: 0x2FFFF, by: 61)
        for value in values {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let query = try SearchQuery(TagValue(String(scalar)))
            let words = Self.words("a \(scalar) b")
            #expect(query.words.allSatisfy { words.contains($0.description) })
        }
    }
}
