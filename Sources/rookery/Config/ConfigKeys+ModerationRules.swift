// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

extension ConfigKeys {
    /// `[[bridge.moderation_rules]]`: a table for each rule.
    static let moderationRules = ConfigKey(path: "bridge.moderation_rules", kind: .tables) {
        settings, value throws(ConfigProblem) in
        guard case .tables(let tables) = value else {
            throw ConfigProblem("must be written as [[bridge.moderation_rules]]")
        }
        settings.bridge.moderationRules = try rules(tables)
    } read: {
        .tables($0.bridge.moderationRules.map(ModerationRuleKey.table))
    }
    .taking("at most \(ModerationRuleLimits.rules) of them")
    .about("What is said of posts that wait for a decision, before anybody looks at them.")
    .ofTables(ModerationRuleKey.allCases.map(\.rawValue))

    private static func rules(
        _ tables: [[String: ConfigValue]]
    ) throws(ConfigProblem) -> [ModerationRuleSettings] {
        guard tables.count <= ModerationRuleLimits.rules else {
            throw ConfigProblem("there are \(tables.count) of them; at most \(ModerationRuleLimits.rules)")
        }
        var rules: [ModerationRuleSettings] = []
        for (index, table) in tables.enumerated() {
            let rule = try ModerationRuleKey.rule(table, unnamed: "rule-\(index + 1)")
            if rules.contains(where: { $0.name == rule.name }) {
                throw ConfigProblem("two of them have the name \(ConfigKey.shown(rule.name))")
            }
            rules.append(rule)
        }
        return rules
    }
}

/// The keys of one `[[bridge.moderation_rules]]`.
enum ModerationRuleKey: String, CaseIterable {
    case name, effect, accounts, words
    case withoutWords = "without_words"
    case media, languages
    case otherLanguages = "other_languages"
    case sensitive, kinds
    case hourlyRate = "hourly_rate"

    var kind: ConfigKind {
        switch self {
        case .name, .effect: .text
        case .sensitive: .flag
        case .hourlyRate: .integer
        case .accounts, .words, .withoutWords, .media, .languages, .otherLanguages, .kinds: .texts
        }
    }

    var bounds: String {
        switch self {
        case .name: "at most \(ModerationRuleLimits.nameLength) bytes, no two alike"
        case .effect: Self.words(ModerationRule.Effect.self)
        case .accounts: "handles, or numbers of accounts"
        case .words, .withoutWords: "words or phrases; `*` stands for letters at an end of one"
        case .media: Self.mediaTypes.map { "\"\($0)\"" }.joined(separator: ", ")
        case .languages, .otherLanguages: "as X names them: \"en\", \"de\""
        case .sensitive: "`true`"
        case .kinds: Self.words(ModeratedKind.self)
        case .hourlyRate:
            "\(ModerationRuleLimits.hourlyRate.lowerBound) … \(ModerationRuleLimits.hourlyRate.upperBound)"
        }
    }

    var meaning: String {
        switch self {
        case .name: "What the audit trail calls the rule: `\"rule-1\"`, … unless it is given."
        case .effect: "What it says; of all rules that hold, the strongest counts, which is the last here."
        case .accounts: "The post is of one of these."
        case .words: "One of these stands in it, whole and in whatever case."
        case .withoutWords: "None of these does."
        case .media: "One of these is attached."
        case .languages: "It is in one of these."
        case .otherLanguages: "It is in none of these, or in none that X knows."
        case .sensitive: "X says that it is sensitive."
        case .kinds: "It is one of these; a reply that quotes is a reply."
        case .hourlyRate: "So many of the account were approved within the last hour, or more."
        }
    }

    private static let mediaTypes = ["photo", "video", "animated_gif"]

    /// Reads one table.
    ///
    /// - Parameter unnamed: what it is called unless it says so itself.
    static func rule(
        _ table: [String: ConfigValue], unnamed: String
    ) throws(ConfigProblem) -> ModerationRuleSettings {
        var rule = ModerationRuleSettings(name: unnamed)
        if case .text(let name) = table["name"] { rule.name = name }
        func fail(_ key: String, _ problem: String) -> ConfigProblem {
            ConfigProblem("\(ConfigKey.shown(rule.name)): \(key): \(problem)")
        }
        for (name, value) in table.sorted(by: { $0.key < $1.key }) {
            guard let key = ModerationRuleKey(rawValue: name) else {
                let near = allCases.map { (key: $0, distance: EditDistance.between($0.rawValue, name)) }
                    .min { $0.distance < $1.distance }
                let hint = near.flatMap { $0.distance <= 3 ? "; did you mean \($0.key.rawValue)?" : nil }
                throw fail(name, "unknown key" + (hint ?? ""))
            }
            do { try key.assign(value, to: &rule) } catch { throw fail(name, error.text) }
        }
        guard table["effect"] != nil else { throw fail("effect", "must be one of \(effect.bounds)") }
        return rule
    }

    private func assign(_ value: ConfigValue, to rule: inout ModerationRuleSettings) throws(ConfigProblem) {
        switch (self, value) {
        case (.name, .text(let text)):
            guard (1...ModerationRuleLimits.nameLength).contains(text.utf8.count),
                text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 })
            else {
                throw ConfigProblem("must be one line of 1 to \(ModerationRuleLimits.nameLength) bytes")
            }
            rule.name = text
        case (.effect, .text(let text)): rule.effect = try Self.word(text)
        case (.accounts, .texts(let texts)): rule.accounts = try Self.items(texts, Self.account)
        case (.words, .texts(let texts)): rule.words = try Self.items(texts, Self.pattern)
        case (.withoutWords, .texts(let texts)): rule.withoutWords = try Self.items(texts, Self.pattern)
        case (.media, .texts(let texts)): rule.media = try Self.items(texts, Self.mediaType)
        case (.languages, .texts(let texts)): rule.languages = try Self.items(texts, Self.language)
        case (.otherLanguages, .texts(let texts)): rule.otherLanguages = try Self.items(texts, Self.language)
        case (.sensitive, .flag(true)): rule.isForSensitive = true
        case (.sensitive, .flag(false)): throw ConfigProblem("must be true, or left out")
        case (.kinds, .texts(let texts)): rule.kinds = try Self.items(texts, Self.word)
        case (.hourlyRate, .integer(let number)):
            guard ModerationRuleLimits.hourlyRate.contains(number) else {
                throw ConfigProblem("must be \(bounds), not \(number)")
            }
            rule.hourlyRate = number
        default: throw ConfigProblem("must be \(kind.noun)")
        }
    }

    private static func items<Item>(
        _ texts: [String], _ read: (String) throws(ConfigProblem) -> Item
    ) throws(ConfigProblem) -> [Item] {
        guard (1...ModerationRuleLimits.items).contains(texts.count) else {
            throw ConfigProblem("has \(texts.count) items; 1 to \(ModerationRuleLimits.items)")
        }
        var items: [Item] = []
        for text in texts { items.append(try read(text)) }
        return items
    }

    private static func account(_ text: String) throws(ConfigProblem) -> String {
        guard UserID(text) != nil || Handle(text) != nil else {
            throw ConfigProblem("must hold handles like \"jack\", or numbers, not \(ConfigKey.shown(text))")
        }
        return text
    }

    private static func pattern(_ text: String) throws(ConfigProblem) -> String {
        guard WordPattern(text) != nil else {
            throw ConfigProblem(
                "must hold words, with * at their ends alone, not \(ConfigKey.shown(text))")
        }
        return text
    }

    private static func mediaType(_ text: String) throws(ConfigProblem) -> String {
        guard mediaTypes.contains(text) else {
            throw ConfigProblem("may hold \(ModerationRuleKey.media.bounds), not \(ConfigKey.shown(text))")
        }
        return text
    }

    private static func language(_ text: String) throws(ConfigProblem) -> String {
        let isPlain = text.utf8.allSatisfy { (97...122).contains($0) || $0 == UInt8(ascii: "-") }
        guard isPlain, (2...8).contains(text.utf8.count) else {
            throw ConfigProblem("must hold languages like \"en\", not \(ConfigKey.shown(text))")
        }
        return text
    }

    private static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ text: String
    ) throws(ConfigProblem) -> Word {
        guard let word = Word(rawValue: text) else {
            throw ConfigProblem("must be one of \(words(Word.self)), not \(ConfigKey.shown(text))")
        }
        return word
    }

    private static func words<Word: RawRepresentable<String> & CaseIterable>(_: Word.Type) -> String {
        Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    }

    static func table(_ rule: ModerationRuleSettings) -> [String: ConfigValue] {
        var table: [String: ConfigValue] = [
            name.rawValue: .text(rule.name), effect.rawValue: .text(rule.effect.rawValue),
        ]
        let lists: [(ModerationRuleKey, [String])] = [
            (.accounts, rule.accounts), (.words, rule.words), (.withoutWords, rule.withoutWords),
            (.media, rule.media), (.languages, rule.languages), (.otherLanguages, rule.otherLanguages),
            (.kinds, rule.kinds.map(\.rawValue)),
        ]
        for (key, texts) in lists where !texts.isEmpty { table[key.rawValue] = .texts(texts) }
        if rule.isForSensitive { table[sensitive.rawValue] = .flag(true) }
        if let rate = rule.hourlyRate { table[hourlyRate.rawValue] = .integer(rate) }
        return table
    }
}
