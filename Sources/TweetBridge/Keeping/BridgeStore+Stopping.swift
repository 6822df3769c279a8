// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

extension BridgeStore {
    /// Mirrors an account no more. What was read stays; so do its cursors, for the day it comes back.
    ///
    /// - Parameter erasure: what happens to its events; `nil`: they stay.
    /// - Returns: whether it was mirrored until now, or other than so.
    @discardableResult
    public func stop(
        _ id: UserID, because reason: AccountStop, erasing erasure: ErasureRow? = nil
    ) async throws(BridgeStoreError) -> Bool {
        let isNews = try await change { draft throws(BridgeStoreError) in
            if let erasure { try draft.erase(erasure) }
            return try draft.stop(id, because: reason)
        }
        tell(.accounts)
        return isNews
    }

    /// Takes back what an account's mirror has published, and goes on mirroring it.
    public func erase(_ erasure: ErasureRow) async throws(BridgeStoreError) {
        try await change { draft throws(BridgeStoreError) in try draft.erase(erasure) }
        tell(.accounts)
    }

    /// Whether its owner has the mirror's key, and nothing here signs with it any more.
    func isHandedOver(_ id: UserID) throws(BridgeStoreError) -> Bool {
        try account(id)?.stop == .handedOver
    }

    /// What is being taken back, in the order of the accounts.
    public func erasures(limit: Int = 1_000) throws(BridgeStoreError) -> [ErasureRow] {
        try values(BridgeTables.people, RowKey("e"), limit: limit, as: ErasureRow.self)
    }

    public func erasure(of id: UserID) throws(BridgeStoreError) -> ErasureRow? { try read(.erasure(id)) }

    /// Notes whether an account can be read at all.
    ///
    /// - Returns: whether that is news.
    @discardableResult
    public func note(_ absence: Absence?, of id: UserID) async throws(BridgeStoreError) -> Bool {
        guard let known = try account(id), known.absence != absence else { return false }
        return try await change { draft throws(BridgeStoreError) in
            guard var row = try draft.read(.account(id)), row.absence != absence else { return false }
            row.absence = absence
            row.absentSince = absence == nil ? nil : draft.now
            try draft.write(.account(id), row)
            return true
        }
    }
}

extension Draft {
    /// - Returns: whether it was mirrored until now, or not for this reason.
    mutating func stop(_ id: UserID, because reason: AccountStop) throws(BridgeStoreError) -> Bool {
        guard var row = try read(.account(id)), row.isActive || row.stop != reason else { return false }
        // A key that was given away stays so, whatever is said later.
        guard row.stop != .handedOver || row.isActive else { return false }
        row.isActive = false
        row.stop = reason
        row.disabledBecause = reason.text
        row.stoppedAt = now
        try write(.account(id), row)
        return true
    }

    /// What is being taken back already is taken back as the stronger of both says.
    ///
    /// - Throws: ``BridgeStoreError/refused(_:)`` when the key that would have to sign it is its owner's.
    mutating func erase(_ erasure: ErasureRow) throws(BridgeStoreError) {
        if try read(.account(erasure.user))?.stop == .handedOver {
            throw .refused(AccountStop.handedOver.text)
        }
        var row = try read(.erasure(erasure.user)) ?? erasure
        if row.vanishing == nil { row.vanishing = erasure.vanishing }
        try write(.erasure(erasure.user), row)
    }

    /// Whoever asks not to be mirrored is stopped, and everything is taken back, with what was read of it: also of those
    /// who are only shown because others repost or quote them.
    ///
    /// - Returns: whether that is news.
    mutating func heed(_ user: User) throws(BridgeStoreError) -> Bool {
        guard user.declinesMirrors, try read(.account(user.id))?.stop != .handedOver else { return false }
        let isStopped = try stop(user.id, because: .declined)
        let isShown = try read(.remembered(.profilePosted(user.id))) != nil
        guard isStopped || isShown, try read(.erasure(user.id)) == nil else { return isStopped }
        try erase(ErasureRow(user: user.id, reason: .optedOut, startedAt: now))
        return true
    }
}
