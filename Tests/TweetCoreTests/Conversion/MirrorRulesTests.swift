// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct MirrorRulesTests {
    private func decision(_ snapshot: Snapshot, _ change: (inout MirrorRules) -> Void) -> MirrorDecision {
        var rules = MirrorRules()
        change(&rules)
        return rules.decision(on: snapshot)
    }

    private let own = Snapshot.fixture("Own words about Art &amp; tea, 東京で猫")
    private let reply = Snapshot.fixture(3, "@bob yes") {
        $0.refer(.repliedTo, to: .fixture(1, "?", by: Cast.bob))
    }
    private let continued = Snapshot.fixture(3, "2/2") { $0.refer(.repliedTo, to: .fixture(1, "1/2")) }
    private let quote = Snapshot.fixture(3, "This") { $0.refer(.quoted, to: .fixture(1, "!", by: Cast.bob)) }
    private let photo = Snapshot.fixture("https://t.co/p") { $0.photo("3_1", "A", link: "https://t.co/p") }
    private let repost = Snapshot.fixture(3, "RT @bob: The be…") {
        $0.refer(
            .retweeted,
            to: .fixture(1, "The beginning and the end", by: Cast.bob) { $0.photo("3_1", "A", link: "") })
    }

    @Test func `without rules everything is mirrored`() {
        for snapshot in [own, reply, continued, quote, photo, repost] {
            #expect(MirrorRules().decision(on: snapshot) == .mirror)
        }
    }

    @Test func `posts are of the kinds that people would say`() {
        #expect(own.kinds == [.own] && reply.kinds == [.reply] && continued.kinds == [.own])
        #expect(
            quote.kinds == [.quote] && photo.kinds == [.own, .media] && repost.kinds == [.repost, .media])
    }

    @Test func `a first moment counts, a last one does not`() {
        let moment = own.post.createdAt ?? 0
        #expect(decision(own) { $0.since = moment } == .mirror)
        #expect(decision(own) { $0.since = moment + 1 } == .leaveOut(.tooOld))
        #expect(decision(own) { $0.until = moment + 1 } == .mirror)
        #expect(decision(own) { $0.until = moment } == .leaveOut(.tooNew))
        var undated = Snapshot(Post(id: PostID(20), text: ""))
        #expect(decision(undated) { $0.since = 0 } == .leaveOut(.undated))
        undated.post.createdAt = 0
        #expect(decision(undated) { $0.since = 0 } == .mirror)
    }

    @Test(arguments: [
        ("art", true), ("ART", true), ("ar", false), ("art & tea", true), ("tea", true), ("ea", false),
        ("猫", true),
        ("words about", true), ("words  about", false), ("", false),
        (String(repeating: "x", count: 999), false),
    ])
    func `words are found whole, and not inside others`(word: String, isThere: Bool) {
        #expect(decision(own) { $0.wordsIn = [word] } == (isThere ? .mirror : .leaveOut(.noWantedWord)))
        #expect(
            decision(own) { $0.wordsOut = [word] } == (isThere ? .leaveOut(.unwantedWord(word)) : .mirror))
    }

    @Test func `one wanted word is enough, and one unwanted too much`() {
        #expect(decision(own) { $0.wordsIn = ["coffee", "tea"] } == .mirror)
        let both = decision(own) {
            $0.wordsIn = ["tea"]
            $0.wordsOut = ["coffee", "art"]
        }
        #expect(both == .leaveOut(.unwantedWord("art")))
    }

    @Test func `a repost is judged by the words it repeats`() {
        #expect(decision(repost) { $0.wordsIn = ["the end"] } == .mirror)
    }

    @Test func `kinds are let in and left out`() {
        #expect(decision(reply) { $0.kindsIn = [.own, .quote] } == .leaveOut(.noWantedKind))
        #expect(decision(continued) { $0.kindsIn = [.own, .quote] } == .mirror)
        #expect(decision(repost) { $0.kindsOut = [.media] } == .leaveOut(.unwantedKind(.media)))
        #expect(decision(repost) { $0.kindsOut = [.media, .repost] } == .leaveOut(.unwantedKind(.repost)))
        #expect(decision(photo) { $0.kindsIn = [.media] } == .mirror)
        #expect(decision(own) { $0.kindsIn = [.media] } == .leaveOut(.noWantedKind))
    }

    @Test func `rules say what they are`() {
        #expect(MirrorRules().summary == [])
        var rules = MirrorRules()
        rules.since = UTCMoment.wanted("2026-01-31")
        rules.until = UTCMoment.wanted("2026-02-01T12:00:00Z")
        rules.wordsIn = ["art", "green tea"]
        rules.wordsOut = ["spam"]
        rules.kindsIn = [.own]
        rules.kindsOut = [.reply, .repost]
        #expect(
            rules.summary == [
                "since 2026-01-31", "until 2026-02-01T12:00:00.000Z", "with art or green tea", "without spam",
                "only own", "no reply, repost",
            ])
    }

    @Test(arguments: ["2026-02-30", "2026-1-1", "yesterday", "2026-01-01T", "", "26-01-01"])
    func `a day that no calendar has is none`(text: String) { #expect(UTCMoment.wanted(text) == nil) }

    @Test func `a word is one line and not empty`() {
        #expect(MirrorRules.word("  green tea ") == "green tea")
        #expect(MirrorRules.word(" ") == nil && MirrorRules.word("a\nb") == nil)
        #expect(MirrorRules.word(String(repeating: "a", count: 257)) == nil)
    }
}
