// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

@testable import NostrCore

@Suite struct SearchQueryTests {
    private func event(_ kind: Kind = 1, _ tags: [Tag] = [], _ content: String = "") -> Event {
        UnsignedEvent(
            pubkey: PublicKey(SHA256.digest([1, 2, 3].span)), createdAt: Timestamp(1000), kind: kind,
            tags: tags,
            content: content
        ).withSignature([UInt8](repeating: 7, count: 64))
    }

    private func finds(_ text: String, _ event: Event) throws -> Bool {
        Filter(search: try SearchQuery(TagValue(text))).matches(event)
    }

    private func score(_ text: String, _ event: Event) throws -> Int {
        SearchScore(
            try SearchQuery(TagValue(text)), json: event.json.span, layout: event.layout
        ).value
    }

    @Test func `all words must stand in the event, in any order, case and accent`() throws {
        let note = event(1, [], "A Nostr relay that gathers git repositories,\nnaïve: 日本語の検索")
        for text in [
            "nostr", "RELAY nostr", "naive", "git git", "日本", "本語の", "検", "", "   ",
            "language:en", "nostr include:spam", "\"nostr relay\"",
        ] {
            #expect(try finds(text, note), "\(text)")
        }
        for text in ["nost", "nostr bitcoin", "語日", "日語", "🚀", "...", "key: nothing"] {
            #expect(try !finds(text, note), "\(text)")
        }
    }

    @Test func `key and value are passed over, a URL is not`() throws {
        #expect(try SearchQuery("domain:example.com sentiment:positive").isUnrestricted)
        #expect(
            try SearchQuery("see https://example.com").words.map(\.description) == [
                "see", "https", "example", "com",
            ])
        #expect(try SearchQuery("a: b :c").words.map(\.description) == ["a", "b", "c"])
        #expect(try !SearchQuery("🚀").isUnrestricted)
        #expect(Filter(search: try SearchQuery("🚀")).matchesNothing)
        #expect(Filter(search: try SearchQuery("x:y")).matchesNothing == false)
    }

    @Test func `only what identifies an event is searched`() throws {
        let profile = event(
            0, [],
            ##"{"name":"Alice","display_name":"Al \"the\" Ice","about":"gärtnerin","nip05":"al@house.example","lud16":"zap@me"}"##
        )
        for text in ["alice", "the ice", "gartnerin", "house"] {
            #expect(try finds(text, profile), "\(text)")
        }
        for text in ["name", "lud16", "zap", "about"] { #expect(try !finds(text, profile), "\(text)") }
        #expect(try !finds("alice", event(0, [], "no object: alice")))
        // However a name is written, and whatever other names are: as texts, these would take seconds to compare.
        let marks = String(repeating: "\u{301}\u{323}", count: 20_000)
        #expect(try finds("zed", event(0, [], #"{"n\u0061me":"zed","a"# + marks + #"":1}"#)))
        #expect(try !finds("zed", event(0, [], #"{"name":"zed","name":"zoe"}"#)), "the last one counts")
        #expect(try !finds("zed", event(0, [], #"{"name":"zed","name":1}"#)))

        let repository = event(
            30617,
            [
                ["d", "rook-ery"], ["name", "Rookery"], ["description", "gathers"],
                ["clone", "https://nest"],
            ])
        for text in ["rookery", "rook", "gathers"] { #expect(try finds(text, repository), "\(text)") }
        #expect(try !finds("nest", repository))

        let issue = event(1621, [["subject", "It breaks"], ["t", "bug"]], "when it rains")
        for text in ["breaks rains"] { #expect(try finds(text, issue), "\(text)") }
        #expect(try !finds("bug", issue))
        let article = event(
            30023, [["title", "Birds"], ["summary", "of towers"], ["d", "x1"]], "Rooks nest.")
        for text in ["birds towers rooks"] { #expect(try finds(text, article), "\(text)") }
        for kind: Kind in [4, 7, 1059, 3, 30618, 10002] {
            #expect(try !finds("secret", event(kind, [], "secret")))
        }
    }

    @Test func `words beyond the bound of an event are not found`() throws {
        let words = (0..<300).map { "word\($0)" }.joined(separator: " ")
        let note = event(1, [["subject", "first"]], words)
        #expect(try finds("first word254", note))
        #expect(try !finds("word255", note))
    }

    @Test func `a search is bounded`() {
        #expect(throws: FilterError.self) { try SearchQuery(TagValue(String(repeating: "a", count: 1_025))) }
        #expect(throws: FilterError.self) {
            try SearchQuery(TagValue((0..<33).map { "w\($0)" }.joined(separator: " ")))
        }
        let error = #expect(throws: FilterError.self) {
            try Filter.parse(
                Array("{\"search\":\"\((0..<40).map { "w\($0)" }.joined(separator: " "))\"}".utf8))
        }
        #expect(error?.text == "invalid: a search is too long")
        #expect(throws: FilterError.self) { try Filter.parse(Array("{\"search\":1}".utf8)) }
    }

    @Test func `a search is part of a filter's text and of what it equals`() throws {
        let filter = try Filter.parse(Array(##"{"search":"a \"b\" x:y","limit":3,"kinds":[1]}"##.utf8))
        #expect(filter.canonicalJSON == ##"{"kinds":[1],"limit":3,"search":"a \"b\" x:y"}"##)
        #expect(try Filter.parse(Array(filter.canonicalJSON.utf8)) == filter)
        #expect(Filter(kinds: [1], limit: 3) != filter)
        #expect(Set([filter, Filter(kinds: [1], limit: 3)]).count == 2)
        #expect(CountedQuery.of(Filter(kinds: [7], tags: ["e": ["x"]], search: try SearchQuery("a"))) == nil)
    }

    @Test func `names, the very phrase and more of it come first`() throws {
        let named = event(30617, [["d", "rookery"], ["name", "Rookery"]])
        let titled = event(1621, [["subject", "Rookery breaks"]], "x")
        let often = event(1, [], "rookery rookery rookery")
        let once = event(1, [], "a rookery")
        let scores = try [named, titled, often, once].map { try score("rookery", $0) }
        #expect(scores == scores.sorted(by: >) && Set(scores).count == 4)
        let phrase = event(1, [], "the git relay here")
        let apart = event(1, [], "a relay for git, git and relay")
        #expect(try score("git relay", phrase) > score("git relay", apart))
        #expect(try score("日本語", event(1, [], "x 日本語")) > score("日本語", event(1, [], "日本 本語")))
    }
}

extension SearchQueryTests {
    @Test(arguments: 0..<20)
    func `what matches is what a plain reading says`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let vocabulary = ["git", "Relay", "nostr", "naïve", "日本", "本", "x:y", "🚀", "patch-set"]
        func text(_ most: Int) -> String {
            (0..<Int.random(in: 0...most, using: &random)).map { _ in
                vocabulary.randomElement(using: &random) ?? ""
            }.joined(separator: [" ", ", ", "\n"].randomElement(using: &random) ?? " ")
        }
        for _ in 0..<200 {
            let kind: Kind = [1, 1621, 7].randomElement(using: &random) ?? 1
            let (subject, content, search) = (text(2), text(6), text(3))
            let note = event(kind, [["subject", TagValue(subject)]], content)
            let query = try SearchQuery(TagValue(search))
            let there = Set(SearchWordTests.words(subject) + SearchWordTests.words(content))
            let asked = query.words.map(\.description)
            let expected =
                query.isUnrestricted || kind != 7 && !asked.isEmpty && asked.allSatisfy(there.contains)
            #expect(Filter(search: query).matches(note) == expected, "\(search) in \(subject) / \(content)")
        }
    }
}
