// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
public import NostrCore
public import TweetCore

extension BridgeStore {
    public func item(_ number: UInt64) throws(BridgeStoreError) -> ModerationItem? { try read(.item(number)) }

    /// What is decided about a post or job.
    public func item(of subject: ModerationItem.Subject) throws(BridgeStoreError) -> ModerationItem? {
        guard let number = try read(.item(of: subject)) else { return nil }
        return try item(number)
    }

    /// Items in one state, the oldest first, those behind `after`.
    public func items(
        _ state: ModerationState, after: UInt64? = nil, limit: Int
    ) throws(BridgeStoreError) -> [ModerationItem] {
        let prefix = RowKey("p").with(byte: state.code)
        var items: [ModerationItem] = []
        for row in try rows(
            BridgeTables.moderation, prefix, after: after.map { prefix.with($0).bytes }, limit: limit)
        {
            var reader = KeyReader(row.key, skipping: 2)
            if let number = reader.number(), let item = try item(number) { items.append(item) }
        }
        return items
    }

    /// All items by number, those behind `after`.
    public func items(after: UInt64? = nil, limit: Int) throws(BridgeStoreError) -> [ModerationItem] {
        try values(
            BridgeTables.moderation, RowKey("i"), after: after.map { RowPlace.item($0).key }, limit: limit,
            as: ModerationItem.self)
    }

    /// What happened to an item, in order.
    public func audit(of item: UInt64, limit: Int = 1_000) throws(BridgeStoreError) -> [AuditEntry] {
        try values(BridgeTables.moderation, RowKey("a").with(item), limit: limit, as: AuditEntry.self)
    }

    /// What happened to all of them, in the order of time, behind `after`.
    public func audit(after: AuditEntry? = nil, limit: Int) throws(BridgeStoreError) -> [AuditEntry] {
        let start = after.map { RowKey("t").with(ms: $0.at).with($0.item).with($0.revision).bytes }
        var entries: [AuditEntry] = []
        for row in try rows(BridgeTables.moderation, RowKey("t"), after: start, limit: limit) {
            var reader = KeyReader(row.key, skipping: 9)
            guard let item = reader.number(), let revision = reader.short(),
                let entry = try read(.audit(item, revision))
            else { continue }
            entries.append(entry)
        }
        return entries
    }

    /// How many posts of an account were approved within the last hour.
    public func approvals(of id: UserID) throws(BridgeStoreError) -> Int {
        try read(.approvals(of: id))?.count(at: now()) ?? 0
    }

    /// Decides, as a moderator; what waits for it goes on or is given up in the same transaction.
    ///
    /// - Throws: ``BridgeStoreError/refused(_:)`` when they may not, or when it is too late;
    ///   ``BridgeStoreError/missing(_:)`` when nobody or nothing is meant; ``BridgeStoreError/conflict(_:)`` when somebody
    ///   was faster.
    @discardableResult
    public func decide(
        _ decision: ModerationDecision, by name: String, through channel: Actor.Channel
    ) async throws(BridgeStoreError) -> ModerationItem {
        let (item, queue) = try await change { draft throws(BridgeStoreError) in
            guard let moderator = try draft.read(.moderator(name)) else {
                throw .missing("moderator \(name)")
            }
            guard moderator.role >= .moderator else { throw .refused("\(name) may look and not decide") }
            return try draft.decide(decision, by: .moderator(name, through: channel))
        }
        tell(.moderation)
        if item.state == .approved { tell(queue.map { .jobs(queue: $0) } ?? .todo) }
        return item
    }

    /// Decides by an event of a listed moderator (kinds 1984 and 1985), once, however often it comes; its id and signature are
    /// known to be true.
    ///
    /// - Parameter relay: this one's key.
    /// - Returns: what was decided; nothing when its author is no moderator, or nothing of it can be.
    public func decide(
        by event: Event, at relay: PublicKey
    ) async throws(BridgeStoreError) -> [ModerationItem] {
        let decisions = ModerationDecision.decisions(of: event, at: relay)
        guard !decisions.isEmpty, let name = try moderator(key: event.pubkey)?.name else { return [] }
        let decided = try await change { draft throws(BridgeStoreError) in
            var decided: [(item: ModerationItem, queue: String?)] = []
            guard let moderator = try draft.read(.moderator(name)), moderator.key == event.pubkey.hex,
                moderator.role >= .moderator, moderator.hasBegun(at: event.createdAt),
                try draft.begins(event.id)
            else { return decided }
            for decision in decisions {
                var attempt = draft
                do throws(BridgeStoreError) {
                    decided.append(try attempt.decide(decision, by: .moderator(name, through: .nostr)))
                    draft = attempt
                } catch {
                    switch error {
                    // Somebody else's business, or decided before.
                    case .missing, .refused: continue
                    default: throw error
                    }
                }
            }
            return decided
        }
        if !decided.isEmpty { tell(.moderation) }
        for (item, queue) in decided where item.state == .approved {
            tell(queue.map { .jobs(queue: $0) } ?? .todo)
        }
        return decided.map(\.item)
    }

    // MARK: Moderators

    public func moderators(limit: Int = 1_000) throws(BridgeStoreError) -> [Moderator] {
        try values(BridgeTables.moderation, RowKey("m"), limit: limit, as: Moderator.self)
    }

    public func moderator(_ name: String) throws(BridgeStoreError) -> Moderator? {
        try read(.moderator(name))
    }

    public func moderator(key: PublicKey) throws(BridgeStoreError) -> Moderator? {
        try moderators().first { $0.key == key.hex }
    }

    /// Who signs in with this token.
    public func moderator(token: String) throws(BridgeStoreError) -> Moderator? {
        try moderators().first { $0.accepts(token: token) }
    }

    /// Appoints somebody, or gives them another role, key or token.
    public func appoint(_ moderator: Moderator) async throws(BridgeStoreError) {
        let others = try moderators()
        guard
            others.count < ModerationBounds.moderators
                || others.contains(where: { $0.name == moderator.name })
        else { throw .tooMuch("moderators") }
        if let key = moderator.key,
            let other = others.first(where: { $0.key == key && $0.name != moderator.name })
        {
            throw .refused("\(other.name) has that key")
        }
        try await change { draft throws(BridgeStoreError) in
            try draft.write(.moderator(moderator.name), moderator)
        }
        tell(.moderators)
    }

    /// - Returns: whether there was one of that name.
    @discardableResult
    public func dismiss(_ name: String) async throws(BridgeStoreError) -> Bool {
        let wasThere = try await change { draft throws(BridgeStoreError) in
            guard try draft.read(.moderator(name)) != nil else { return false }
            try draft.remove(.moderator(name))
            return true
        }
        if wasThere { tell(.moderators) }
        return wasThere
    }
}

extension ModerationState {
    /// In keys.
    var code: UInt8 {
        switch self {
        case .pending: 1
        case .held: 2
        case .approved: 3
        case .rejected: 4
        case .executed: 5
        case .failed: 6
        }
    }
}
