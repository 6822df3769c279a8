// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// Derived tables that are not whole yet, filled a step at a time.
extension StoreWriter {
    /// Fills derived tables from up to `limit` further rows of what they follow from.
    ///
    /// - Returns: whether something is left to be filled.
    public mutating func buildDerived(limit: Int) throws(StoreError) -> Bool {
        for derived in DerivedTable.allCases {
            guard case .upTo(let last) = view.built[derived.rawValue], let table = view.schema[derived],
                derived != .search || view.store.indexesWords,
                derived != .tree || !view.store.trees.isEmpty,
                derived != .group || view.store.groups != nil
            else { continue }
            let state: BuildState =
                switch derived {
                case .vanishing: try addVanishing(to: table, after: last, limit: limit)
                case .sketch: try addSketches(to: table, after: last, limit: limit)
                case .search: try addWords(after: last, limit: limit)
                case .tree: try addToTrees(table, after: last, limit: limit)
                case .group: try addToGroups(table, after: last, limit: limit)
                }
            try view.transaction.put(view.schema.meta, derived.builtKey.span, state.row.span)
            view.built[derived.rawValue] = state
            if state != .whole { return true }
        }
        return false
    }

    /// Empties the sums of sets that are reconciled, so that ``buildDerived(limit:)`` makes them anew.
    public mutating func dropTrees() throws(StoreError) {
        try view.dropSums(.tree)
        try view.dropSums(.group)
    }

    /// Every event is counted.
    private func addSketches(
        to table: Table, after last: [UInt8], limit: Int
    ) throws(StoreError) -> BuildState {
        let transaction = view.transaction
        var batch = SketchBatch()
        var (end, rows, bytes) = (last, 0, 0)
        var cursor = try Cursor(transaction, view.schema.event)
        var isThere = try cursor.seek((last + [0]).span)
        while isThere, rows < limit, bytes < Self.buildBytes {
            rows += 1
            bytes += cursor.value.count
            end = cursor.key.withUnsafeBufferPointer { Array($0) }
            try batch.add(row: cursor.value)
            isThere = try cursor.next()
        }
        try view.room.take(batch.pending.count * 64)
        try batch.flush(to: transaction, table)
        return isThere ? .upTo(end) : .whole
    }

    /// Every event that can be found by words is.
    private func addWords(after last: [UInt8], limit: Int) throws(StoreError) -> BuildState {
        let transaction = view.transaction
        guard try view.room.canSpare(2 * transaction.bytes(of: view.schema[.word]) + view.room.kept) else {
            throw .full(operation: "index words", reason: "there is no room to spare")
        }
        // What this very transaction stored comes in its turn.
        try view.flush()
        var batch = IndexBatch(base: .max)
        var words = WordKeys()
        var (end, rows, bytes) = (last, 0, 0)
        var cursor = try Cursor(transaction, view.schema.event)
        var isThere = try cursor.seek((last + [0]).span)
        while isThere, rows < limit, bytes < Self.buildBytes, batch.count < IndexBatch.limit {
            rows += 1
            bytes += cursor.value.count
            end = cursor.key.withUnsafeBufferPointer { Array($0) }
            try words.addEntries(
                row: cursor.value, serial: cursor.key.serial(at: 0), view.maker, to: &batch)
            isThere = try cursor.next()
        }
        try view.room.take(batch.count * 64)
        try batch.flush(to: transaction, view.schema, next: .max)
        return isThere ? .upTo(end) : .whole
    }

    /// Every event is in the trees it belongs to.
    private func addToTrees(
        _ table: Table, after last: [UInt8], limit: Int
    ) throws(StoreError) -> BuildState {
        let transaction = view.transaction
        // What this very transaction stored comes in its turn.
        try view.flush()
        var batch = TreeBatch()
        var (end, rows, bytes) = (last, 0, 0)
        var cursor = try Cursor(transaction, view.schema.event)
        var isThere = try cursor.seek((last + [0]).span)
        while isThere, rows < limit, bytes < Self.buildBytes {
            rows += 1
            bytes += cursor.value.count
            end = cursor.key.withUnsafeBufferPointer { Array($0) }
            try batch.add(row: cursor.value, to: view.store.trees)
            isThere = try cursor.next()
        }
        try view.room.take(batch.pending.count * StoreRoom.treeBytes)
        try batch.flush(to: transaction, table, view.maker)
        return isThere ? .upTo(end) : .whole
    }

    /// Every event is in its groups.
    private func addToGroups(
        _ table: Table, after last: [UInt8], limit: Int
    ) throws(StoreError) -> BuildState {
        guard let groups = view.store.groups else { return .nothing }
        let transaction = view.transaction
        // What this very transaction stored comes in its turn.
        try view.flush()
        var batch = GroupBatch()
        var (end, rows, bytes) = (last, 0, 0)
        var cursor = try Cursor(transaction, view.schema.event)
        var isThere = try cursor.seek((last + [0]).span)
        while isThere, rows < limit, bytes < Self.buildBytes {
            rows += 1
            bytes += cursor.value.count
            end = cursor.key.withUnsafeBufferPointer { Array($0) }
            try batch.add(row: cursor.value, to: groups, view.maker)
            isThere = try cursor.next()
        }
        try view.room.take(batch.room)
        try batch.flush(to: transaction, table, view.maker)
        return isThere ? .upTo(end) : .whole
    }

    /// **Bytes** of events that one step reads, more or less.
    private static let buildBytes = 8 << 20

    /// Everybody who ever vanished is looked at again.
    private func addVanishing(
        to table: Table, after last: [UInt8], limit: Int
    ) throws(StoreError) -> BuildState {
        let transaction = view.transaction
        var rows: [(key: [UInt8], time: Timestamp)] = []
        var cursor = try Cursor(transaction, view.schema.goneAuthors)
        var isThere = try cursor.seek((last + [0]).span)
        while isThere, rows.count < limit {
            rows.append((cursor.key.withUnsafeBufferPointer { Array($0) }, try Tombstones.time(cursor.value)))
            isThere = try cursor.next()
        }
        for (key, time) in rows {
            try view.transaction.put(table, key.span, VanishingRow(upTo: time).row.span)
        }
        guard isThere, let end = rows.last else { return .whole }
        return .upTo(end.key)
    }
}

extension TransactionView {
    /// Counts what was removed and cannot be taken out of sketches: see ``EventStore/open(_:)``.
    func addStaleSketches() throws(StoreError) {
        let transaction = transaction
        let row = try transaction.value(schema.meta, StoreFormat.staleKey.span)
        var stale: UInt64 = 0
        if let row, row.count == 8 { stale = row.word(at: 0) }
        try transaction.put(schema.meta, StoreFormat.staleKey.span, Key(stale + staleSketches).span)
        staleSketches = 0
    }
}
