// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension EventStore {
    /// **Bytes** written to the copy in one transaction, about.
    private static let copyBatchBytes = 32 << 20

    /// Writes one state of the store into a new one: every table row by row in the order of its keys, so that each page
    /// of it is full. Writers go on.
    ///
    /// Unlike ``copy(to:)``, which takes pages over as they are, half empty where events were deleted.
    /// - Parameters:
    ///   - path: the new store's directory, which holds none.
    ///   - progress: told of rows so far and of all; `false` ends it.
    /// - Returns: whether it went all the way; otherwise what is there is no store.
    /// - Complexity: O(rows). The state is held to the end: pages that are given back meanwhile are not reused.
    public func copyAfresh(
        into path: String, progress: (_ rows: Int, _ all: Int) -> Bool = { _, _ in true }
    ) throws(StoreError) -> Bool {
        // Tables are never taken away again: what is named now is in every later state.
        let names = try environment.tableNames()
        let tables = try environment.tables(names).compactMap { $0 }
        let snapshot = try ReadTransaction(environment)
        guard tables.count == names.count, try snapshot.rows(.main) == names.count else {
            throw .misuse("a table was made meanwhile")
        }
        var all = 0
        for table in tables { all += try snapshot.rows(table) }
        let directory = try StoreDirectory(locking: path)
        let target = try Environment(
            Environment.Options(
                path: path, mapSize: try environment.extent().map, isReadOnly: false, isSynced: false,
                readers: 2, tables: names.count),
            in: directory)
        guard try target.isEmpty() else { throw .misuse("\(path) holds a store") }
        var (rows, bytes) = (0, 0)
        var transaction = try WriteTransaction(target)
        for (name, table) in zip(names, tables) {
            let copy = try transaction.make(name)
            var cursor = try Cursor(snapshot, table)
            while try cursor.next() {
                try transaction.append(copy, cursor.key, cursor.value, Key().span)
                rows += 1
                bytes += cursor.key.count + cursor.value.count
                guard bytes >= Self.copyBatchBytes else { continue }
                bytes = 0
                try transaction.commit()
                transaction = try WriteTransaction(target)
                if !progress(rows, all) { return false }
            }
            if !progress(rows, all) { return false }
        }
        try transaction.commit()
        let used = try target.extent().used
        // Pages that were taken and given back were never written.
        if try directory.fileBytes() < used { try directory.setFileBytes(used) }
        try target.sync()
        return true
    }
}
