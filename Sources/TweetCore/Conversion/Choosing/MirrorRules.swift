// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Which posts of an account are mirrored.
public struct MirrorRules: Hashable, Sendable, Codable {
    /// **Milliseconds** since 1970: posts made before `since`, or at `until` and later, are left out.
    public var since: Int64?
    public var until: Int64?
    /// When there are any, a post must have one of them.
    public var wordsIn: [String] = []
    /// A post must have none of them.
    public var wordsOut: [String] = []
    /// When there are any, a post must be of one of them.
    public var kindsIn: [PostKind] = []
    /// A post must be of none of them.
    public var kindsOut: [PostKind] = []

    public init() {}

    /// Whether a post is mirrored; asks nothing and changes nothing, so it serves dry runs as well.
    public func decision(on snapshot: Snapshot) -> MirrorDecision {
        if since != nil || until != nil {
            guard let time = snapshot.post.milliseconds else { return .leaveOut(.undated) }
            if let since, time < since { return .leaveOut(.tooOld) }
            if let until, time >= until { return .leaveOut(.tooNew) }
        }
        let kinds = snapshot.kinds
        if let kind = PostKind.allCases.first(where: { kinds.contains($0) && kindsOut.contains($0) }) {
            return .leaveOut(.unwantedKind(kind))
        }
        if !kindsIn.isEmpty, kinds.isDisjoint(with: kindsIn) { return .leaveOut(.noWantedKind) }
        guard !wordsIn.isEmpty || !wordsOut.isEmpty else { return .mirror }
        let text = WordText(snapshot)
        if let word = wordsOut.first(where: text.has) { return .leaveOut(.unwantedWord(word)) }
        if !wordsIn.isEmpty, !wordsIn.contains(where: text.has) { return .leaveOut(.noWantedWord) }
        return .mirror
    }
}

extension User {
    /// Whether the account asks in its description not to be mirrored.
    public var declinesMirrors: Bool {
        guard let about else { return false }
        let text = WordText(about)
        return ["#nobridge", "#nobot", "#nomirror"].contains(where: text.has)
    }
}

/// Whether a post is mirrored, and why not.
public enum MirrorDecision: Hashable, Sendable {
    case mirror
    case leaveOut(Reason)

    public enum Reason: Hashable, Sendable {
        case tooOld, tooNew, undated
        case unwantedKind(PostKind), noWantedKind
        /// As it is written in the rules.
        case unwantedWord(String)
        case noWantedWord

        /// For dry runs.
        public var text: String {
            switch self {
            case .tooOld: "made before the first day that is mirrored"
            case .tooNew: "made after the last day that is mirrored"
            case .undated: "without a date"
            case .unwantedKind(let kind): "of a kind that is left out: \(kind.rawValue)"
            case .noWantedKind: "of no kind that is mirrored"
            case .unwantedWord(let word): "has a word that is left out: \(word)"
            case .noWantedWord: "has no word that is mirrored"
            }
        }
    }
}
