// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension EventStore {
    /// The value of one row of a side table.
    public func side(_ table: SideTable, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        guard let open = try openSide(table) else { return nil }
        return try read { snapshot throws(StoreError) in
            try snapshot.value(open, key.span)?.withUnsafeBufferPointer { Array($0) }
        }
    }

    /// Rows whose keys begin with `prefix`, in the order of their keys; those after `after` when it is given.
    public func sideRows(
        _ table: SideTable, prefix: [UInt8] = [], after: [UInt8]? = nil, limit: Int
    ) throws(StoreError) -> [(key: [UInt8], value: [UInt8])] {
        guard let open = try openSide(table) else { return [] }
        return try read { snapshot throws(StoreError) in
            var rows: [(key: [UInt8], value: [UInt8])] = []
            let start = after ?? prefix
            var cursor = try Cursor(snapshot, open)
            var isThere = start.isEmpty ? try cursor.next() : try cursor.seek(start.span)
            while isThere, rows.count < limit, cursor.key.starts(with: prefix.span) {
                let key = cursor.key.withUnsafeBufferPointer { Array($0) }
                if key != after { rows.append((key, cursor.value.withUnsafeBufferPointer { Array($0) })) }
                isThere = try cursor.next()
            }
            return rows
        }
    }

    /// `nil` for a table that a read-only store does not have yet.
    func openSide(_ table: SideTable) throws(StoreError) -> Table? {
        if let open = schema.sides[table] { return open }
        if environment.isReadOnly { return nil }
        throw .misuse("the side table \(table.name) was not declared when the store was opened")
    }
}
