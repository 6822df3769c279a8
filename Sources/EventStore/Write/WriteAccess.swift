// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
public import NostrCore

/// The only capability to write; one per open store.
public struct WriteAccess: ~Copyable, Sendable {
    public let store: EventStore

    init(store: EventStore) { self.store = store }

    /// Writes in one transaction: all of it, or nothing when `body` throws.
    ///
    /// `body` sees its own writes. The commit is on disk (``StoreOptions/Durability/sync``) before this
    /// returns, and has been delivered to the feed. All calls come from one thread.
    /// - Returns: what `body` returned, and the commit unless no event was stored or removed.
    public mutating func transaction<R>(
        now: Timestamp, _ body: (inout StoreWriter) throws(StoreError) -> R
    ) throws(StoreError) -> (R, Commit?) {
        let transaction = try WriteTransaction(store.environment)
        let view = try TransactionView(store, BorrowedTransaction(transaction), now: now)
        defer { view.close() }
        var writer = try StoreWriter(view)
        let result = try body(&writer)
        let commit = try writer.finish()
        try transaction.commit()
        store.settle(now: now)
        if let commit { store.feed.publish(commit) }
        return (result, commit)
    }
}

extension EventStore {
    /// What follows a commit. It cannot undo it, so nothing here may fail the transaction: a sync that the
    /// disk refuses is refused again, and reported, by the next one.
    func settle(now: Timestamp) {
        try? lengthen()
        guard durability == .relaxed else { return }
        let isDue = lastSync.withLockedValue { last in
            guard abs(now.seconds - last) >= limits.relaxedSyncSeconds else { return false }
            last = now.seconds
            return true
        }
        if isDue { try? environment.sync() }
    }
}
