// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

/// Which items a page lists.
struct ModerationQuery: Hashable, Sendable {
    var state = ModerationState.pending
    var kind: Kind?
    /// The handle or number of an account.
    var account: String?
    /// The name of a rule that spoke.
    var rule: String?
    /// The last item of the page before.
    var after: UInt64?

    enum Kind: String, Hashable, Sendable, CaseIterable {
        case post, job
    }

    init() {}

    /// Reads what ``text`` spells. What is no state, kind or number counts as if it were not there.
    init(_ fields: FormFields) {
        state = fields["state"].flatMap { ModerationState(rawValue: $0) } ?? .pending
        kind = fields["kind"].flatMap { Kind(rawValue: $0) }
        account = fields["account"].flatMap { Self.word($0) }
        rule = fields["rule"].flatMap { Self.word($0) }
        after = fields["after"].flatMap { UInt64($0) }
    }

    /// What waits is listed oldest first, what is settled newest first.
    var isOldestFirst: Bool { state.isOpen }

    var isFiltered: Bool { kind != nil || account != nil || rule != nil }

    /// The query of a URL.
    var text: String {
        FormFields.spelled([
            ("state", state.rawValue), ("kind", kind?.rawValue), ("account", account), ("rule", rule),
            ("after", after.map { "\($0)" }),
        ])
    }

    var path: String { "\(ModerationPath.root)?\(text)" }

    /// The same list, another state, from its beginning.
    func with(_ state: ModerationState) -> ModerationQuery {
        var query = self
        (query.state, query.after) = (state, nil)
        return query
    }

    func from(_ after: UInt64?) -> ModerationQuery {
        var query = self
        query.after = after
        return query
    }

    /// - Parameter account: what ``account`` names; `nil` when nobody is meant.
    func matches(_ item: ModerationItem, account wanted: UserID?) -> Bool {
        switch (kind, item.subject) {
        case (.post, .job), (.job, .post): return false
        default: break
        }
        if account != nil, item.account != wanted || wanted == nil { return false }
        if let rule, !item.hits.contains(rule) { return false }
        return true
    }

    private static func word(_ text: String) -> String? {
        let word = text.trimmed
        return word.isEmpty || word.utf8.count > 256 ? nil : word
    }
}

extension String {
    /// Without spaces at its ends.
    fileprivate var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
