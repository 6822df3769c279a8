// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

extension ConfigKeys {
    /// Of `[bridge]`: which posts are mirrored of accounts without rules of their own.
    static let mirrorRules: [ConfigKey] = [
        .parsed("bridge.posts_since", \.bridge.rules.since, show: moment, parse: moment)
            .taking("`2026-01-31`, `2026-01-31T12:00:00Z`, or empty")
            .about("Posts made before that are left out."),
        .parsed("bridge.posts_until", \.bridge.rules.until, show: moment, parse: moment)
            .taking("the same").about("Posts made then or later are left out."),
        .list(
            "bridge.words_required", \.bridge.rules.wordsIn, max: MirrorRules.mostWords, show: { $0 },
            parse: word
        )
        .about("When there are any, a post must have one of these words or phrases."),
        .list(
            "bridge.words_refused", \.bridge.rules.wordsOut, max: MirrorRules.mostWords, show: { $0 },
            parse: word
        )
        .about("A post that has one of these is left out."),
        .list(
            "bridge.kinds", \.bridge.rules.kindsIn, max: PostKind.allCases.count, show: \.rawValue,
            parse: kind
        )
        .about("When there are any, a post must be one of: \(kinds)."),
        .list(
            "bridge.kinds_refused", \.bridge.rules.kindsOut, max: PostKind.allCases.count, show: \.rawValue,
            parse: kind
        )
        .about("A post that is one of these is left out."),
        .flag("bridge.dry_run", \.bridge.isDryRun)
            .about(
                "Whether everything is read and decided, and no event made: the log, a counter and `rookery bridge list` tell what would be."
            ),
        .choice("bridge.moderation_otherwise", \.bridge.moderationOtherwise)
            .about("What is said of a post that no moderation rule is about."),
    ]

    static let kinds = PostKind.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")

    @Sendable private static func moment(_ moment: Int64?) -> String {
        moment.map { UTCMoment.brief($0) } ?? ""
    }

    @Sendable private static func moment(_ text: String) throws(ConfigProblem) -> Int64? {
        if text.isEmpty { return nil }
        guard let moment = UTCMoment.wanted(text) else {
            throw ConfigProblem("must be a day like \"2026-01-31\", not \(ConfigKey.shown(text))")
        }
        return moment
    }

    @Sendable private static func word(_ text: String) throws(ConfigProblem) -> String {
        guard let word = MirrorRules.word(text) else {
            throw ConfigProblem(
                "must hold words of 1 to \(MirrorRules.wordBytes) bytes, not \(ConfigKey.shown(text))")
        }
        return word
    }

    @Sendable private static func kind(_ text: String) throws(ConfigProblem) -> PostKind {
        guard let kind = PostKind(rawValue: text) else {
            throw ConfigProblem("may hold \(kinds), not \(ConfigKey.shown(text))")
        }
        return kind
    }
}
