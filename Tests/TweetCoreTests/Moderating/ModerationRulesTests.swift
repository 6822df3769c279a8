// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import TweetCore

@Suite struct ModerationRulesTests {
    private func effect(
        _ condition: ModerationRule.Condition, _ change: (inout ModerationCase) -> Void = { _ in }
    ) -> Bool {
        var subject = ModerationCase(account: UserID(5), text: "Buy CHEAP Crypto-coins now")
        change(&subject)
        let rules = ModerationRules([ModerationRule("r", when: condition, .hold)], otherwise: .approve)
        return rules.judge(subject) == ModerationRuling(effect: .hold, hits: ["r"])
    }

    private func pattern(_ text: String) throws -> WordPattern { try #require(WordPattern(text)) }

    @Test func `each condition hits what it says`() throws {
        #expect(effect(.always))
        #expect(effect(.account([UserID(5)])))
        #expect(!effect(.account([UserID(6)])))
        #expect(effect(.words([try pattern("nothing"), try pattern("cheap")])))
        #expect(!effect(.words([try pattern("chea")])))
        #expect(effect(.withoutWords([try pattern("expensive")])))
        #expect(!effect(.withoutWords([try pattern("cheap")])))
        #expect(effect(.media(["video"])) { $0.mediaTypes = ["photo", "video"] })
        #expect(!effect(.media(["video"])) { $0.mediaTypes = ["photo"] })
        #expect(effect(.language(["de", "en"])) { $0.language = "en" })
        #expect(!effect(.language(["de"])))
        #expect(effect(.otherLanguage(["de"])) { $0.language = "en" })
        #expect(effect(.otherLanguage(["de"])))
        #expect(!effect(.otherLanguage(["de"])) { $0.language = "de" })
        #expect(effect(.sensitive) { $0.isSensitive = true })
        #expect(!effect(.sensitive))
        #expect(effect(.kind([.reply, .quote])) { $0.kind = .reply })
        #expect(!effect(.kind([.repost])))
        #expect(effect(.hourlyRate(3)) { $0.approvals = 3 })
        #expect(!effect(.hourlyRate(3)) { $0.approvals = 2 })
        let ada = try #require(Handle("ada"))
        #expect(effect(.handle([ada])) { $0.handle = Handle("Ada") })
        #expect(!effect(.handle([ada])))
        #expect(effect(.all([.always, .sensitive])) { $0.isSensitive = true })
        #expect(!effect(.all([.always, .sensitive])))
        #expect(effect(.any([.sensitive, .always])) && !effect(.any([.sensitive])))
    }

    @Test func `of all rules that hit the strongest counts, and all are named`() throws {
        let rules = ModerationRules([
            ModerationRule("friend", when: .account([UserID(5)]), .approve),
            ModerationRule("night", when: .always, .ask),
            ModerationRule("scam", when: .words([try pattern("*coins")]), .reject),
            ModerationRule("adult", when: .sensitive, .hold),
        ])
        let bad = rules.judge(ModerationCase(account: UserID(5), text: "free bitcoins"))
        #expect(bad == ModerationRuling(effect: .reject, hits: ["friend", "night", "scam"]))
        #expect(rules.judge(ModerationCase(account: UserID(5), text: "hello")).effect == .ask)
    }

    @Test func `where no rule hits the default decides`() {
        let nobody = ModerationCase(account: nil, text: "")
        #expect(ModerationRules().judge(nobody) == ModerationRuling(effect: .ask, hits: []))
        #expect(ModerationRules([], otherwise: .approve).judge(nobody).effect.state == .approved)
    }

    @Test func `a repost is judged by what it reposts, a long post by all of its text`() throws {
        var original = Post(id: PostID(1), text: "short…")
        original.longText = Post.LongText(text: "short and a scam")
        original.isSensitive = true
        var post = Post(id: PostID(2), text: "RT @x: sho…")
        post.author = UserID(9)
        post.references = [Post.Reference(.retweeted, PostID(1))]
        var snapshot = Snapshot(post)
        snapshot.referenced = [Snapshot(original)]
        let judged = ModerationCase(snapshot)
        #expect(try pattern("scam").matches(judged.text))
        #expect(judged.isSensitive && judged.kind == .repost && judged.account == UserID(9))
    }
}

@Suite struct WordPatternTests {
    @Test(arguments: [
        ("free", "FREE beer", true), ("free", "freedom", false), ("free*", "freedom", true),
        ("*dom", "freedom!", true), ("*eed*", "freedom", true), ("free money", "so free,\nMoney now", true),
        ("free money", "money free", false), ("café", "Le Café.", true), ("@bob", "hi @bob", true),
        ("@bob", "hi @bobby", false), ("crypto-coin", "crypto coin", true), ("слово", "Слово!", true),
    ])
    func `a pattern is found where its words stand whole`(pattern: String, text: String, isThere: Bool) throws
    {
        #expect(try #require(WordPattern(pattern)).matches(FoldedText(text)) == isThere)
    }

    @Test(arguments: ["", "   ", "*", "a*b", "!?", String(repeating: "a", count: 300)])
    func `what has no word in it is no pattern`(text: String) {
        #expect(WordPattern(text) == nil)
    }

    @Test func `a pattern is written as it was read`() throws {
        #expect(try #require(WordPattern(" *Scam*  now ")).description == "*scam* now")
    }
}
