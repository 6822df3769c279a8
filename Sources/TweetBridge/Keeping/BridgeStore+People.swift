// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
public import TweetCore

extension BridgeStore {
    // MARK: Accounts that are mirrored

    /// In the order of their numbers, those behind `after`.
    public func accounts(after: UserID? = nil, limit: Int = 1_000) throws(BridgeStoreError) -> [AccountRow] {
        try values(
            BridgeTables.people, RowKey("a"), after: after.map { RowPlace.account($0).key }, limit: limit,
            as: AccountRow.self)
    }

    public func account(_ id: UserID) throws(BridgeStoreError) -> AccountRow? { try read(.account(id)) }

    /// Begins to mirror an account; one that is there already becomes active again and takes what `adjust` says. What it
    /// posted while it was stopped is not mirrored. One that asks not to be mirrored is kept, and not mirrored.
    ///
    /// - Returns: how it is now.
    /// - Throws: ``BridgeStoreError/refused(_:)`` while its events are taken back, and when its owner has its key.
    @discardableResult
    public func addAccount(
        _ user: User, _ adjust: (inout AccountRow) -> Void = { _ in }
    ) async throws(BridgeStoreError) -> AccountRow {
        let row = try await change { draft throws(BridgeStoreError) in
            var stored = StoredPage()
            try draft.keep(user, limits, &stored)
            var row =
                try draft.read(.account(user.id))
                ?? AccountRow(id: user.id, handle: user.handle, addedAt: draft.now)
            guard row.stop != .handedOver else { throw .refused("@\(user.handle): \(row.stop?.text ?? "")") }
            row.handle = user.handle
            if user.declinesMirrors {
                try draft.write(.account(user.id), row)
                _ = try draft.stop(user.id, because: .declined)
                return try draft.read(.account(user.id)) ?? row
            }
            guard try draft.read(.erasure(user.id)) == nil else {
                throw .refused(
                    "@\(user.handle): its events are still being taken back; try again in a moment")
            }
            if let stop = row.stop, stop != .removed { row.startsAt = draft.now }
            row.isActive = true
            row.disabledBecause = nil
            (row.stop, row.stoppedAt) = (nil, nil)
            adjust(&row)
            try draft.write(.account(user.id), row)
            return row
        }
        tell(.accounts)
        return row
    }

    /// Mirrors it no more, because an operator says so. What was read and mirrored stays.
    ///
    /// - Returns: whether it was there, and not removed before.
    @discardableResult
    public func removeAccount(_ id: UserID) async throws(BridgeStoreError) -> Bool {
        try await stop(id, because: .removed)
    }

    /// Changes what is known of an account; `adjust` may be called more than once.
    @discardableResult
    public func updateAccount(
        _ id: UserID, _ adjust: (inout AccountRow) -> Void
    ) async throws(BridgeStoreError) -> AccountRow {
        let (row, isNews) = try await change { draft throws(BridgeStoreError) in
            guard let before = try draft.read(.account(id)) else { throw .missing("account \(id)") }
            var row = before
            adjust(&row)
            row.id = id
            if row != before { try draft.write(.account(id), row) }
            let isNews =
                row.isActive != before.isActive || row.policy != before.policy
                || row.sources != before.sources || row.interval != before.interval
            return (row, isNews)
        }
        if isNews { tell(.accounts) }
        return row
    }

    /// Stops reading an account, or goes on with it.
    public func setActive(_ id: UserID, _ isActive: Bool, because reason: String? = nil)
        async throws(BridgeStoreError)
    {
        try await updateAccount(id) { row in
            row.isActive = isActive
            row.disabledBecause = isActive ? nil : reason
            if isActive { row.failures = 0 }
        }
    }

    // MARK: Accounts that were seen

    public func user(_ id: UserID) throws(BridgeStoreError) -> UserRow? { try read(.user(id)) }

    /// Keeps what was read of accounts, with their earlier profiles.
    ///
    /// - Returns: those whose profile is new or says something else.
    @discardableResult
    public func store(users: [User]) async throws(BridgeStoreError) -> [UserID] {
        let stored = try await change { draft throws(BridgeStoreError) in
            var stored = StoredPage()
            for user in users { try draft.keep(user, limits, &stored) }
            return stored
        }
        if !stored.declining.isEmpty { tell(.accounts) }
        return stored.profiles
    }

    /// Earlier profiles, the oldest first.
    public func profiles(of id: UserID, limit: Int = 100) throws(BridgeStoreError) -> [ProfileRow] {
        try values(BridgeTables.people, RowKey("p").with(id), limit: limit, as: ProfileRow.self)
    }

    /// Whose a handle was at a moment (**milliseconds** since 1970), or is now.
    public func user(of handle: Handle, at moment: Int64? = nil) throws(BridgeStoreError) -> UserID? {
        let holders = try holders(of: handle)
        guard let moment else { return holders.last?.user }
        return (holders.last { $0.from <= moment } ?? holders.first)?.user
    }

    /// Everybody whose handle it was, in order.
    public func holders(of handle: Handle) throws(BridgeStoreError) -> [HandleRow] {
        try values(BridgeTables.people, RowPlace<HandleRow>.prefix(handle), limit: 1_000, as: HandleRow.self)
    }
}

extension Draft {
    /// An account that was seen, its handle, and its profile until now if that has changed.
    mutating func keep(
        _ user: User, _ limits: BridgeStoreLimits, _ stored: inout StoredPage
    ) throws(BridgeStoreError) {
        guard users.insert(user).inserted else { return }
        let before = try read(.user(user.id))
        let merged = before.map { user.completed(by: $0.user) } ?? user
        let hash = try merged.profileHash()
        let isChanged = before.map { $0.hash != hash } ?? true
        var earlier = before?.earlier ?? 0
        if isChanged, let before, earlier < limits.profiles {
            earlier += 1
            try write(
                .profile(user.id, seen: before.changedAt),
                ProfileRow(user: before.user, from: before.changedAt, until: now))
        }
        try write(
            .user(user.id),
            UserRow(
                user: merged, hash: hash, firstSeen: before?.firstSeen ?? now, lastSeen: now,
                changedAt: isChanged ? now : before?.changedAt ?? now, earlier: earlier))
        if isChanged, !stored.profiles.contains(user.id) { stored.profiles.append(user.id) }
        if let handle = Handle(user.handle) { try keep(handle, of: user.id) }
        if var account = try read(.account(user.id)), account.handle != user.handle {
            account.handle = user.handle
            try write(.account(user.id), account)
        }
        if try heed(merged) { stored.declining.append(user.id) }
    }

    /// A handle belongs to whoever was seen with it last.
    private mutating func keep(_ handle: Handle, of id: UserID) throws(BridgeStoreError) {
        let prefix = RowPlace<HandleRow>.prefix(handle)
        if let last = try keys(BridgeTables.people, prefix, limit: 1_000).last,
            let from = KeyReader(last, skipping: prefix.bytes.count).last(),
            var holder = try read(.handle(handle, from: from)), holder.user == id
        {
            guard now > holder.lastSeen else { return }
            holder.lastSeen = now
            return try write(.handle(handle, from: from), holder)
        }
        if let written = try read(.handle(handle, from: now)), written.user == id { return }
        try write(.handle(handle, from: now), HandleRow(user: id, from: now, lastSeen: now))
    }
}

extension KeyReader {
    /// The number that is all that is left.
    fileprivate consuming func last() -> Int64? { number().map { Int64(clamping: $0) } }
}

extension User {
    /// What was known before and was not asked for now is kept.
    func completed(by earlier: User) -> User {
        var whole = self
        if whole.about == nil, whole.picture == nil, whole.metrics == nil, whole.createdAt == nil {
            // Little was asked for.
            whole = earlier
            whole.handle = handle
            whole.name = name
            whole.isProtected = isProtected || earlier.isProtected
        }
        return whole
    }

    /// Of what is shown, not of how many follow.
    func profileHash() throws(BridgeStoreError) -> String {
        var bare = self
        bare.metrics = nil
        return Hex.string(SHA256.digest(try RowCodec.json(bare)).bytes)
    }
}
