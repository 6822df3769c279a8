// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Which stored events may go, and when: rules of the operator, under what must never go.
///
/// Never dropped, whatever the rules say: announcements and states of repositories, whatever hangs together with
/// a stored announcement, deletions (NIP-09) and requests to vanish (NIP-62).
public struct RetentionPlan: Hashable, Sendable {
    /// The first that concerns an event decides; an event that none concerns is not too old, ever.
    public var rules: [RetentionRule]
    /// **Bytes** that all events may take with their index entries; above it the oldest go first. `nil`: however many.
    public var sizeMax: Int?

    public init(rules: [RetentionRule] = [], sizeMax: Int? = nil) {
        self.rules = rules
        self.sizeMax = sizeMax
    }

    /// Whether nothing is ever dropped.
    public var keepsAll: Bool { sizeMax == nil && rules.allSatisfy { $0.age == nil } }

    /// What is known of a stored event.
    public struct Candidate: Hashable, Sendable {
        public var kind: Kind
        public var author: PublicKey
        public var createdAt: Timestamp
        /// Whether it hangs together with an accepted repository.
        public var isKeptAlive: Bool

        public init(kind: Kind, author: PublicKey, createdAt: Timestamp, isKeptAlive: Bool) {
            self.kind = kind
            self.author = author
            self.createdAt = createdAt
            self.isKeptAlive = isKeptAlive
        }
    }

    public enum Judgement: String, Hashable, Sendable, CaseIterable {
        /// It stays.
        case kept
        /// A rule or the size would have it go, and it must not.
        case protected
        /// It goes: older than its rule says.
        case age
        /// It goes: the store is larger than it may be.
        case size
    }

    /// What becomes of an event.
    ///
    /// - Parameter isTooLarge: whether the store still holds more than it may.
    public func judge(_ event: Candidate, at now: Timestamp, isTooLarge: Bool) -> Judgement {
        let rule = rules.first { $0.concerns(event.kind, by: event.author) }
        if let rule, rule.age == nil { return .kept }
        var reason = Judgement.kept
        if let age = rule?.age, event.createdAt < now.advanced(by: -age) {
            reason = .age
        } else if isTooLarge, rule != nil || !(event.kind.isReplaceable || event.kind.isAddressable) {
            reason = .size
        }
        guard reason != .kept else { return .kept }
        return event.isKeptAlive || Self.isProtected(event.kind) ? .protected : reason
    }

    /// Whether an event as young as this, and any younger, is too young for every rule.
    public func isTooYoung(_ createdAt: Timestamp, at now: Timestamp) -> Bool {
        rules.compactMap(\.age).allSatisfy { createdAt >= now.advanced(by: -$0) }
    }

    /// Whether events of a kind never go.
    public static func isProtected(_ kind: Kind) -> Bool {
        kind == .deletion || kind == .requestToVanish || kind == .repositoryAnnouncement
            || kind == .repositoryState
    }
}
