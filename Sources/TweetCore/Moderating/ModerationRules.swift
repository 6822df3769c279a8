// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The operator's rules. The strongest that hits decides; where none does, ``otherwise``.
public struct ModerationRules: Hashable, Sendable, Codable {
    public var rules: [ModerationRule]
    public var otherwise: ModerationRule.Effect

    public init(_ rules: [ModerationRule] = [], otherwise: ModerationRule.Effect = .ask) {
        self.rules = rules
        self.otherwise = otherwise
    }

    public func judge(_ case: ModerationCase) -> ModerationRuling {
        let hits = rules.filter { $0.condition.holds(of: `case`) }
        return ModerationRuling(
            effect: hits.map(\.effect).max() ?? otherwise, hits: hits.map(\.name))
    }
}

/// What the rules say.
public struct ModerationRuling: Hashable, Sendable {
    public var effect: ModerationRule.Effect
    /// The names of all rules that hit.
    public var hits: [String]

    public init(effect: ModerationRule.Effect, hits: [String]) {
        self.effect = effect
        self.hits = hits
    }
}

/// What rules look at.
public struct ModerationCase: Hashable, Sendable {
    public var account: UserID?
    public var handle: Handle?
    public var text: FoldedText
    public var mediaTypes: Set<String> = []
    public var language: String?
    public var isSensitive = false
    public var kind = ModeratedKind.original
    /// Of the account, within the last hour.
    public var approvals = 0

    public init(account: UserID?, text: String) {
        self.account = account
        self.text = FoldedText(text)
    }

    public init(_ snapshot: Snapshot, approvals: Int = 0) {
        let post = snapshot.post
        // A repost says what the reposted one says.
        let shown = snapshot.referenced(.retweeted) ?? snapshot
        let quoted = snapshot.referenced(.quoted)?.post
        let texts = [shown.post, quoted].compactMap { $0.map { $0.longText?.text ?? $0.text } }
        self.init(account: post.author, text: texts.joined(separator: "\n"))
        handle = snapshot.author.flatMap { Handle($0.handle) }
        mediaTypes = Set((snapshot.media + shown.media).map(\.type))
        language = shown.post.language ?? post.language
        isSensitive = post.isSensitive || shown.post.isSensitive
        kind = ModeratedKind(post)
        self.approvals = approvals
    }
}

extension ModerationRule.Condition {
    func holds(of case: ModerationCase) -> Bool {
        switch self {
        case .always: true
        case .account(let ids): `case`.account.map(ids.contains) ?? false
        case .handle(let handles): `case`.handle.map(handles.contains) ?? false
        case .words(let patterns): patterns.contains { $0.matches(`case`.text) }
        case .withoutWords(let patterns): !patterns.contains { $0.matches(`case`.text) }
        case .media(let types): !types.isDisjoint(with: `case`.mediaTypes)
        case .language(let languages): `case`.language.map(languages.contains) ?? false
        case .otherLanguage(let languages): !(`case`.language.map(languages.contains) ?? false)
        case .sensitive: `case`.isSensitive
        case .kind(let kinds): kinds.contains(`case`.kind)
        case .hourlyRate(let most): `case`.approvals >= most
        case .all(let conditions): conditions.allSatisfy { $0.holds(of: `case`) }
        case .any(let conditions): conditions.contains { $0.holds(of: `case`) }
        }
    }
}
