// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore

/// A set that a tree of the store tells, or a span of it.
struct KeptSet: Sendable {
    let tree: UInt16
    let since: Timestamp?
    let until: Timestamp?
    /// Items that belong to the set though no such event is stored.
    let added: [NegentropyItem]
    /// Whether the tree must not leave anything out.
    let isWhole: Bool

    var heldBytes: Int { MemoryLayout<KeptSet>.size + added.count * MemoryLayout<NegentropyItem>.stride }

    /// Added items beyond which reading everything costs less.
    static let addedMost = 2_000

    func read(
        _ store: EventStore, _ turn: ReconciliationTurn
    ) throws(ReconciliationError<StoreError>) -> ReconciliationTurn.Outcome {
        let snapshot = try Self.stored { () throws(StoreError) in try ReadTransaction(store.environment) }
        // The items are read from the transaction, which lasts until the end of this scope.
        defer { withExtendedLifetime(snapshot) {} }
        let items = try Self.stored { () throws(StoreError) -> TreeItems in
            try self.items(in: snapshot, store)
        }
        if added.isEmpty { return try turn.perform(on: items) }
        let all = try Self.stored { () throws(StoreError) -> NegentropyOverlay<TreeItems> in
            try NegentropyOverlay(items, adding: added)
        }
        return try turn.perform(on: all)
    }

    private func items(
        in snapshot: borrowing ReadTransaction, _ store: EventStore
    ) throws(StoreError) -> TreeItems {
        guard let table = try snapshot.keptTrees(store) else { throw .changed }
        if isWhole, try snapshot.leftOut(of: tree, table) > 0 { throw .changed }
        return try items(in: snapshot, table)
    }

    private static func stored<Value: ~Copyable>(
        _ body: () throws(StoreError) -> Value
    ) throws(ReconciliationError<StoreError>) -> Value {
        do throws(StoreError) { return try body() } catch { throw .storage(error) }
    }

    func items(
        in snapshot: borrowing ReadTransaction, _ table: Table
    ) throws(StoreError) -> TreeItems {
        try TreeItems(BorrowedReading(snapshot), table, tree, since: since, until: until)
    }
}

extension ReadTransaction {
    /// The table of trees, if they are whole and tell what may be seen at this moment.
    func keptTrees(_ store: EventStore) throws(StoreError) -> Table? {
        guard let table = store.schema[.tree], !store.trees.isEmpty,
            try buildState(.tree, store.schema) == .whole,
            try keepsTrees(store.trees, store.schema, store.maker),
            try !isVanishing(store.schema)
        else { return nil }
        return table
    }

    /// The tree that tells what a reader finds by a filter; `nil` when there is none.
    func keptSet(
        _ filter: Filter, adding added: [NegentropyItem], scope: ReadScope, now: Timestamp,
        _ store: EventStore
    ) throws(StoreError) -> StoredSet? {
        guard filter.search == nil, added.count <= KeptSet.addedMost,
            let tree = store.trees.firstIndex(where: { $0.filter == filter.withoutSpan }),
            let table = try keptTrees(store), try nothingHasExpired(now, store.schema)
        else { return nil }
        let leavingOut = store.trees[tree].leavingOut
        // What the reader may not see is in no set; what it may see, if it is left out, has to be read.
        guard scope.guardedKinds.allSatisfy({ leavingOut.contains($0) }) else { return nil }
        let hidesTheSame = scope.keys.isEmpty && leavingOut.allSatisfy { scope.guards($0) }
        if !hidesTheSame, try leftOut(of: UInt16(tree), table) > 0 { return nil }
        let kept = KeptSet(
            tree: UInt16(tree), since: filter.since, until: filter.until, added: added,
            isWhole: !hidesTheSame)
        return StoredSet(kept, count: try kept.items(in: self, table).count + added.count)
    }

    private func nothingHasExpired(_ now: Timestamp, _ schema: StoreSchema) throws(StoreError) -> Bool {
        var cursor = try Cursor(self, schema[.expiry])
        guard try cursor.next() else { return true }
        return cursor.key.word(at: 0) > UInt64(bitPattern: now.seconds)
    }
}
