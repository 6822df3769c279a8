// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore

extension ReadTransaction {
    /// The kept set that tells what a reader finds by a filter; `nil` when there is none, or reading it costs less.
    func keptSet(
        _ filter: Filter, adding added: [NegentropyItem], scope: ReadScope, now: Timestamp,
        _ store: EventStore
    ) throws(StoreError) -> StoredSet? {
        guard added.count <= KeptSet.addedMost, let source = KeptSet.Source(filter, store),
            let table = try keptTable(source, store), try nothingHasExpired(now, store.schema)
        else { return nil }
        let leavingOut = source.leavingOut(store)
        // What the reader may not see is in no set; what it may see, if it is left out, has to be read.
        guard scope.guardedKinds.allSatisfy({ leavingOut.contains($0) }) else { return nil }
        let hidesTheSame = scope.keys.isEmpty && leavingOut.allSatisfy { scope.guards($0) }
        if !hidesTheSame, try leftOut(of: source, table) > 0 { return nil }
        let kept = KeptSet(
            source: source, span: TimeSpan(since: filter.since, until: filter.until), added: added,
            isWhole: !hidesTheSame)
        guard let items = try items(kept, table, mostGroups: store.limits.groupsPerSet, store),
            items.isWorthIt(store.limits)
        else { return nil }
        return StoredSet(kept, count: items.count + added.count)
    }

    /// The table that a source is in, if it is whole and tells what may be seen at this moment.
    func keptTable(_ source: KeptSet.Source, _ store: EventStore) throws(StoreError) -> Table? {
        let derived: DerivedTable
        switch source {
        case .tree:
            derived = .tree
            guard try keepsTrees(store.trees, store.schema, store.maker) else { return nil }
        case .groups:
            derived = .group
            guard let groups = store.groups, try keepsGroups(groups, store.schema, store.maker) else {
                return nil
            }
        }
        guard try buildState(derived, store.schema) == .whole, try !isVanishing(store.schema) else {
            return nil
        }
        return store.schema[derived]
    }

    /// How many events that belong to a set may be left out of it.
    func leftOut(of source: KeptSet.Source, _ table: Table) throws(StoreError) -> UInt64 {
        switch source {
        case .tree(let tree): try leftOut(of: TreeName(tree), table)
        case .groups(let letter, _): try leftOut(of: letter, table)
        }
    }

    /// The items of a kept set at this moment; `nil` where they are of too many groups.
    func items(
        _ kept: KeptSet, _ table: Table, mostGroups: Int, _ store: EventStore
    ) throws(StoreError) -> KeptItems? {
        let reading = BorrowedReading(self)
        switch kept.source {
        case .tree(let tree): return .tree(try TreeItems(reading, table, TreeName(tree), kept.span))
        case .groups(let letter, let repositories):
            guard let groups = try groups(letter, naming: repositories, most: mostGroups, table) else {
                return nil
            }
            if groups.count == 1 { return .tree(try TreeItems(reading, table, groups[0], kept.span)) }
            var runs: [TreeRun] = []
            runs.reserveCapacity(groups.count)
            for group in groups {
                runs.append(try TreeRun(reading, table, group, bits: store.maker.shape.treeBits))
            }
            return .groups(try GroupItems(runs, kept.span))
        }
    }

    private func nothingHasExpired(_ now: Timestamp, _ schema: StoreSchema) throws(StoreError) -> Bool {
        var cursor = try Cursor(self, schema[.expiry])
        guard try cursor.next() else { return true }
        return cursor.key.word(at: 0) > UInt64(bitPattern: now.seconds)
    }
}
