// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

/// One `[[bridge.moderation_rules]]`: what is said of posts for which all of it holds.
struct ModerationRuleSettings: Hashable, Sendable {
    var name: String
    var effect = ModerationRule.Effect.ask
    /// Handles, or numbers of accounts.
    var accounts: [String] = []
    var words: [String] = []
    var withoutWords: [String] = []
    var media: [String] = []
    var languages: [String] = []
    var otherLanguages: [String] = []
    var isForSensitive = false
    var kinds: [ModeratedKind] = []
    /// Posts of the account that were approved within the last hour, or more of them.
    var hourlyRate: Int?

    /// The rule that is judged by.
    var rule: ModerationRule {
        var conditions: [ModerationRule.Condition] = []
        if !accounts.isEmpty { conditions.append(.any(owners)) }
        if !words.isEmpty { conditions.append(.words(words.compactMap { WordPattern($0) })) }
        if !withoutWords.isEmpty {
            conditions.append(.withoutWords(withoutWords.compactMap { WordPattern($0) }))
        }
        if !media.isEmpty { conditions.append(.media(Set(media))) }
        if !languages.isEmpty { conditions.append(.language(Set(languages))) }
        if !otherLanguages.isEmpty { conditions.append(.otherLanguage(Set(otherLanguages))) }
        if isForSensitive { conditions.append(.sensitive) }
        if !kinds.isEmpty { conditions.append(.kind(Set(kinds))) }
        if let hourlyRate { conditions.append(.hourlyRate(hourlyRate)) }
        return ModerationRule(name, when: .all(conditions), effect)
    }

    /// By number, and by the handle that a post was read with.
    private var owners: [ModerationRule.Condition] {
        let ids = accounts.compactMap { UserID($0) }
        let handles = accounts.filter { UserID($0) == nil }.compactMap { Handle($0) }
        return [.account(Set(ids)), .handle(Set(handles))]
    }
}

/// Bounds of the rules that a configuration may have.
enum ModerationRuleLimits {
    static let rules = 200
    /// **Bytes**.
    static let nameLength = 64
    /// Items of one list.
    static let items = 1_000
    static let hourlyRate = 1...100_000
}
