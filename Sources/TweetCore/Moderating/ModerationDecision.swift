// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What a moderator says about something.
public struct ModerationDecision: Hashable, Sendable {
    public var verdict: Verdict
    public var target: Target
    public var reason: String
    /// The item's ``ModerationItem/revision`` that was looked at: of one that has changed since, nothing is decided.
    public var revision: UInt32?

    public enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
        case approve, reject, hold

        /// What becomes of the item.
        public var state: ModerationState {
            switch self {
            case .approve: .approved
            case .reject: .rejected
            case .hold: .held
            }
        }
    }

    /// What it is said about.
    public enum Target: Hashable, Sendable {
        /// By its number.
        case item(UInt64)
        /// By the event that it will be.
        case event(EventID)
        case post(PostID)
    }

    public init(_ verdict: Verdict, _ target: Target, reason: String = "", revision: UInt32? = nil) {
        self.verdict = verdict
        self.target = target
        self.revision = revision
        self.reason = String(reason.prefix(ModerationBounds.reasonCharacters))
    }

    /// The namespace of labels that decide (NIP-32, tag `L`).
    public static let namespace = "rookery.moderation"
    /// The kinds of events that decide: reports and labels.
    public static let kinds: Set<Kind> = [1984, 1985]
    /// Targets that one event may name.
    public static let mostTargets = 100

    /// What an event decides; whether its author may is another question.
    ///
    /// A label (NIP-32, kind 1985) says `approve`, `reject` or `hold` in ``namespace``; a report (NIP-56, kind 1984) rejects.
    /// Targets are `e` tags, and `i` tags of `twitter:<post>` or `item:<relay's key>:<number>`: the number of an item says
    /// something else at each relay, and anybody may carry an event from one to another.
    ///
    /// - Parameter relay: this one's key, 64 hexadecimal digits.
    public static func decisions(of event: Event, at relay: PublicKey) -> [ModerationDecision] {
        let tags = event.tags
        let verdict: Verdict?
        switch event.kind.rawValue {
        case 1984: verdict = .reject
        case 1985:
            let said = Set(
                tags.filter {
                    $0.name == "l" && $0.elements.count > 2 && $0.elements[2] == TagValue(namespace)
                }
                .compactMap { $0.value.flatMap { Verdict(rawValue: $0.string) } })
            // Who says two things has decided nothing.
            verdict = said.count == 1 ? said.first : nil
        default: verdict = nil
        }
        guard let verdict else { return [] }
        let reason = event.content
        return tags.lazy.compactMap { Target($0, at: relay) }.prefix(mostTargets).map {
            ModerationDecision(verdict, $0, reason: reason)
        }
    }
}

extension ModerationDecision.Target {
    /// `nil` for a tag that names nothing to decide about.
    init?(_ tag: Tag, at relay: PublicKey) {
        guard let value = tag.value?.string else { return nil }
        if tag.name == "e" {
            guard let id = EventID(hex: value) else { return nil }
            self = .event(id)
        } else if tag.name == "i", value.hasPrefix("twitter:") {
            guard let id = PostID(value.dropFirst(8)) else { return nil }
            self = .post(id)
        } else if tag.name == "i", value.hasPrefix("item:\(relay.hex):") {
            guard let number = UInt64(value.dropFirst(6 + relay.hex.utf8.count)) else { return nil }
            self = .item(number)
        } else {
            return nil
        }
    }
}
