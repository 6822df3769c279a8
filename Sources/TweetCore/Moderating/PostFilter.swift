// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Which posts of an account are mirrored at all.
public struct PostFilter: Hashable, Sendable, Codable {
    /// **Milliseconds** since 1970, inclusive.
    public var since: Int64?
    public var until: Int64?
    /// One of these must stand in the text, where there are any.
    public var words: [WordPattern] = []
    /// None of these may.
    public var withoutWords: [WordPattern] = []
    public var kinds: Set<ModeratedKind> = Set(ModeratedKind.allCases)

    public init() {}

    /// Why a post is left out; `nil` when it is mirrored.
    public func refusal(of snapshot: Snapshot) -> Refusal? {
        let moment = snapshot.post.createdAt ?? snapshot.post.id.milliseconds
        if let since, moment < since { return .tooOld }
        if let until, moment > until { return .tooNew }
        guard kinds.contains(ModeratedKind(snapshot.post)) else { return .kind }
        if words.isEmpty, withoutWords.isEmpty { return nil }
        let text = ModerationCase(snapshot).text
        if withoutWords.contains(where: { $0.matches(text) }) { return .words }
        return words.isEmpty || words.contains { $0.matches(text) } ? nil : .noWords
    }

    public enum Refusal: String, Hashable, Sendable, Codable {
        case tooOld, tooNew, kind, words, noWords
    }
}
