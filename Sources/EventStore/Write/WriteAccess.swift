// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// The only capability to write; one per open store.
public struct WriteAccess: ~Copyable, Sendable {
    public let store: EventStore
    /// Whether the last commits may not be on the disk yet; with ``StoreOptions/Durability/relaxed`` only.
    private var isUnsynced = false
    /// When relaxed commits were last brought to the disk, in seconds since 1970.
    private var lastSync: Int64 = 0
    /// What went wrong after the last commit, and nobody was told.
    private var untold: StoreError?

    init(store: EventStore) { self.store = store }

    /// Writes in one transaction: all of it, or nothing when `body` throws.
    ///
    /// `body` sees its own writes. The commit is on disk (``StoreOptions/Durability/sync``) before this
    /// returns, and has been delivered to the feed. All calls come from one thread.
    /// - Returns: what `body` returned, and the commit unless no event was stored or removed.
    /// - Throws: also, and once, what kept an earlier relaxed commit from the disk.
    public mutating func transaction<R>(
        now: Timestamp, _ body: (inout StoreWriter) throws(StoreError) -> R
    ) throws(StoreError) -> (R, Commit?) {
        if let untold {
            self.untold = nil
            throw untold
        }
        let transaction = try WriteTransaction(store.environment)
        let view = try TransactionView(store, BorrowedTransaction(transaction), now: now)
        defer { view.close() }
        var writer = try StoreWriter(view)
        let result = try body(&writer)
        let commit = try writer.finish()
        try transaction.commit()
        settle(now: now)
        if writer.somebodyVanished || commit?.takesBack == true { store.feed.forgetPast() }
        if let commit { store.feed.publish(commit) }
        return (result, commit)
    }

    /// How long relaxed commits may stay off the disk when nothing follows them; `nil` when all are on it.
    public var syncPatience: Duration? {
        isUnsynced ? .seconds(store.limits.relaxedSyncSeconds) : nil
    }

    /// Brings relaxed commits to the disk, for when nothing else is to do and for the end.
    public mutating func sync() throws(StoreError) {
        guard isUnsynced else { return }
        if let refusal = store.syncFault() { throw refusal }
        try store.environment.sync()
        isUnsynced = false
    }

    /// What follows a commit. It cannot undo it, so nothing here may fail the transaction: the next one does.
    private mutating func settle(now: Timestamp) {
        isUnsynced = store.durability == .relaxed
        do throws(StoreError) {
            try store.lengthen()
            guard abs(now.seconds - lastSync) >= store.limits.relaxedSyncSeconds else { return }
            lastSync = now.seconds
            try sync()
        } catch {
            untold = error
        }
    }
}
