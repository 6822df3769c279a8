// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What an `OK` says, by what is to be done about it (NIP-01, NIP-42).
enum RelayReply: Hashable, Sendable {
    /// It has the event, now or before.
    case accepted
    /// It does not take events of that age, ever.
    case old
    case rejected
    /// It wants us to go slower.
    case limited
    /// It wants to know who we are.
    case needsKey
    /// Another time, perhaps.
    case transient

    init(accepted: Bool, message: String) {
        let text = message.prefix(500).lowercased()
        let prefix = text.split(separator: ":", maxSplits: 1).first.map(String.init) ?? ""
        if accepted || prefix == "duplicate" {
            self = .accepted
            return
        }
        switch prefix {
        case "rate-limited": self = .limited
        case "auth-required": self = .needsKey
        default:
            if let age = Self.age(text) {
                self = age
            } else if Self.final.contains(prefix) {
                self = .rejected
            } else {
                self = .transient
            }
        }
    }

    private static let final: Set<String> = [
        "pow", "blocked", "invalid", "restricted", "mute", "unsupported",
    ]

    /// Relays have no word for this: they say it in sentences.
    private static func age(_ text: String) -> RelayReply? {
        let isAboutTime = ["created_at", "created at", "creation date", "timestamp", "too old", "too early"]
            .contains { text.contains($0) }
        guard isAboutTime else { return nil }
        let isAhead = ["future", "too late", "ahead", "too new"].contains { text.contains($0) }
        return isAhead ? .transient : .old
    }
}
