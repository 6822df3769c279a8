// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Adds up what the stored events take, with their entries in every index, some rows at a time; holds no
/// transaction in between.
///
/// About as much as a store takes into which they are put afresh. Pages that are half empty count no more than what
/// is in them. What does not go with events is left out: the feed's log, tombstones, counting sketches, side tables.
public struct LiveBytes: Sendable {
    /// Rows of one page at most.
    public static let rowsMax = 5_000

    private var last: [UInt8]?
    private var rows = 0
    /// Whether anything was read yet.
    public var hasBegun: Bool { last != nil }
    /// **Bytes**, once everything was read.
    public private(set) var total: Int?

    public init() {}

    /// Reads up to ``rowsMax`` rows.
    ///
    /// - Returns: whether there is more.
    public mutating func readPage(of store: EventStore) throws(StoreError) -> Bool {
        if total != nil { return false }
        let snapshot = try ReadTransaction(store.environment)
        var cursor = try Cursor(snapshot, store.schema.event)
        var isThere = if let last { try cursor.seek((last + [0]).span) } else { try cursor.next() }
        for _ in 0..<Self.rowsMax where isThere {
            add(row: cursor.value)
            last = cursor.key.withUnsafeBufferPointer { Array($0) }
            isThere = try cursor.next()
        }
        if !isThere { try finish(snapshot, store) }
        return isThere
    }

    /// Counts one event.
    mutating func add(row: Span<UInt8>) { rows += RowBytes.event(row.count) }

    /// Adds what all events' entries take.
    mutating func finish(_ snapshot: borrowing ReadTransaction, _ store: EventStore) throws(StoreError) {
        total = rows + (try snapshot.entryBytes(store))
    }

    /// The whole at once.
    public static func all(of store: EventStore) throws(StoreError) -> Int {
        var sum = LiveBytes()
        while try sum.readPage(of: store) {}
        return sum.total ?? 0
    }
}

extension Snapshot where Self: ~Copyable {
    /// **Bytes** that the entries of all indexes take.
    fileprivate func entryBytes(_ store: EventStore) throws(StoreError) -> Int {
        var bytes = 0
        for table in IndexTable.allCases {
            bytes += try rows(store.schema[table]) * RowBytes.entry(of: table)
        }
        if store.indexesWords, let words = store.schema[.search] {
            bytes += try rows(words) * RowBytes.entry(of: .word)
        }
        if let trees = store.schema[.tree] {
            // One row in 32 is a sum of others, and counted as an item; each tree has a first one a level.
            bytes += max(0, try rows(trees) - store.trees.count * Int(TreeKey.top)) * RowBytes.item
        }
        if let groups = store.schema[.group] {
            bytes += try rows(groups) * RowBytes.groupItem
        }
        return bytes
    }
}
