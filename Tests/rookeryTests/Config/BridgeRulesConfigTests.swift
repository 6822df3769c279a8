// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetBridge
import TweetCore

@testable import rookery

@Suite struct BridgeRulesConfigTests {
    private static let rules = """
        [bridge]
        posts_since = "2026-01-31"
        words_required = ["art", "green tea"]
        words_refused = ["spam"]
        kinds = ["own", "quote"]
        kinds_refused = ["reply"]
        dry_run = true
        moderation_otherwise = "approve"
        [[bridge.moderation_rules]]
        name = "friends"
        effect = "approve"
        accounts = ["ada", "1234"]
        [[bridge.moderation_rules]]
        effect = "hold"
        words = ["free money", "crypto*"]
        media = ["video"]
        other_languages = ["en"]
        sensitive = true
        kinds = ["reply"]
        hourly_rate = 20
        """

    private func settings(_ text: String) throws -> Settings {
        let file = try TemporaryFile(text)
        return try ConfigLoader(file: file.path).load()
    }

    @Test func `rules of filtering and of moderation are read`() throws {
        let settings = try settings(Self.rules)
        let configuration = settings.bridgeConfiguration(relay: "")
        #expect(
            configuration.rules.summary == [
                "since 2026-01-31", "with art or green tea", "without spam", "only own, quote", "no reply",
            ])
        #expect(configuration.isDryRun && configuration.moderation == nil)
        let rules = configuration.moderationRules
        #expect(rules.otherwise == .approve && rules.rules.map(\.name) == ["friends", "rule-2"])
        var post = ModerationCase(account: UserID(1234), text: "hello")
        #expect(rules.judge(post).hits == ["friends"])
        post = ModerationCase(account: UserID(9), text: "Free MONEY in cryptocoins")
        post.handle = Handle("Ada")
        #expect(rules.judge(post).hits == ["friends"])
        (post.mediaTypes, post.language, post.isSensitive) = (["video"], "de", true)
        (post.kind, post.approvals) = (.reply, 20)
        #expect(rules.judge(post).hits == ["friends", "rule-2"])
        #expect(rules.judge(post).effect == .hold)
        post.approvals = 19
        #expect(rules.judge(post).hits == ["friends"])
    }

    @Test func `what is printed is read back, also from the environment`() throws {
        let settings = try settings(Self.rules)
        let again = try self.settings(settings.toml)
        #expect(again.bridge.moderationRules == settings.bridge.moderationRules)
        #expect(again.bridge.rules == settings.bridge.rules && again.bridge.isDryRun)
        #expect(
            settings.toml.contains(
                "\n[[bridge.moderation_rules]]\nname = \"friends\"\neffect = \"approve\"\n"))
        let inline = ConfigKeys.moderationRules.read(settings).toml
        let environment = ConfigEnvironment(variables: ["ROOKERY_BRIDGE_MODERATION_RULES": inline])
        #expect(
            try ConfigLoader(environment: environment).load().bridge.moderationRules
                == settings.bridge.moderationRules)
    }

    @Test func `a rule that says nothing but its effect holds always`() throws {
        let settings = try settings("[[bridge.moderation_rules]]\neffect = \"reject\"")
        let rules = settings.bridgeConfiguration(relay: "").moderationRules
        #expect(rules.judge(ModerationCase(account: nil, text: "")).effect == .reject)
    }

    @Test func `moderation goes by the rules`() throws {
        let settings = try settings("bridge.moderation = \"queue\"\nbridge.moderation_otherwise = \"hold\"")
        #expect(settings.bridgeConfiguration(relay: "").moderation == ModerationRules([], otherwise: .hold))
    }

    @Test(arguments: [
        ("[bridge.moderation_rules]\neffect = \"hold\"", "must be written as [[bridge.moderation_rules]]"),
        ("[[bridge.moderation_rules]]", "\"rule-1\": effect: must be one of \"approve\", \"ask\""),
        ("[[bridge.moderation_rules]]\neffect = \"ban\"", "effect: must be one of"),
        (
            "[[bridge.moderation_rules]]\neffect = \"hold\"\nword = [\"a\"]",
            "word: unknown key; did you mean words?"
        ),
        ("[[bridge.moderation_rules]]\neffect = \"hold\"\nwords = \"a\"", "words: must be a list of strings"),
        (
            "[[bridge.moderation_rules]]\neffect = \"hold\"\nwords = [\"a*b\"]",
            "words: must hold words, with *"
        ),
        ("[[bridge.moderation_rules]]\neffect = \"hold\"\nwords = []", "words: has 0 items"),
        (
            "[[bridge.moderation_rules]]\neffect = \"hold\"\naccounts = [\"a b\"]",
            "accounts: must hold handles"
        ),
        ("[[bridge.moderation_rules]]\neffect = \"hold\"\nmedia = [\"gif\"]", "media: may hold \"photo\""),
        ("[[bridge.moderation_rules]]\neffect = \"hold\"\nlanguages = [\"English\"]", "languages: must hold"),
        (
            "[[bridge.moderation_rules]]\neffect = \"hold\"\nsensitive = false",
            "sensitive: must be true, or left out"
        ),
        (
            "[[bridge.moderation_rules]]\neffect = \"hold\"\nkinds = [\"own\"]",
            "kinds: must be one of \"original\""
        ),
        (
            "[[bridge.moderation_rules]]\neffect = \"hold\"\nhourly_rate = 0",
            "hourly_rate: must be 1 … 100000"
        ),
        (
            "[[bridge.moderation_rules]]\nname = \"a\"\neffect = \"ask\"\n[[bridge.moderation_rules]]\nname = \"a\"\neffect = \"ask\"",
            "two of them have the name \"a\""
        ),
        ("bridge.posts_since = \"2026-02-30\"", "bridge.posts_since: must be a day like \"2026-01-31\""),
        ("bridge.words_refused = [\" \"]", "bridge.words_refused: must hold words of 1 to 256 bytes"),
        ("bridge.kinds = [\"likes\"]", "bridge.kinds: may hold \"own\", \"reply\""),
    ])
    func `what is wrong is said in one line that names the key and the file`(text: String, problem: String)
        throws
    {
        let file = try TemporaryFile(text)
        let error = #expect(throws: ConfigError.self) { try ConfigLoader(file: file.path).load() }
        let said = "\(try #require(error))"
        #expect(said.contains(problem) && said.contains(file.path) && !said.contains("\n"), "\(said)")
    }

    @Test func `a first day that is not before the last is refused`() throws {
        let text = """
            bridge.enabled = true
            bridge.bearer_token = "t"
            bridge.mnemonic = "m"
            bridge.posts_since = "2026-02-01"
            bridge.posts_until = "2026-01-01"
            """
        #expect(throws: ConfigError.self) { try settings(text) }
    }
}
