// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

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
    ) throws(StoreError) -> (R, Commit?) { fatalError("not written yet") }
}
