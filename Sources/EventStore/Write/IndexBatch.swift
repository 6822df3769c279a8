// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A transaction's index entries, gathered so that they can be written in the order of their keys: a
/// tree is then walked once from left to right, not once an entry.
struct IndexBatch: IndexSink {
    /// Entries to write or, with ``removalBit``, to delete.
    private(set) var pending: [[IndexEntry]] = Array(repeating: [], count: IndexTable.count)
    private(set) var count = 0
    /// Whether the entries that are added now are to be deleted.
    var isRemoving = false
    /// Serials from here on have entries in this batch only.
    private var base: Serial
    /// Of the serials since ``base``: those whose entries need not be written after all.
    private var dead: [Bool] = []

    /// Above a serial's 48 bits.
    private static let removalBit: UInt64 = 1 << 63

    /// Entries gathered at most before they are written.
    static let limit = 250_000

    init(base: Serial) { self.base = base }

    mutating func add(_ entry: IndexEntry, to table: IndexTable) {
        var entry = entry
        if isRemoving { entry.posting.serial.rawValue |= Self.removalBit }
        pending[table.rawValue].append(entry)
        count += 1
    }

    /// Forgets the entries of an event of this batch.
    mutating func forget(_ serial: Serial) {
        let index = Int(serial.rawValue - base.rawValue)
        while dead.count <= index { dead.append(false) }
        dead[index] = true
    }

    @inline(__always)
    private func isDead(_ serial: Serial) -> Bool {
        guard serial >= base else { return false }
        let index = Int(serial.rawValue - base.rawValue)
        return index < dead.count && dead[index]
    }

    /// Writes everything gathered.
    mutating func flush(
        to transaction: borrowing some WritableSnapshot & ~Copyable, _ schema: StoreSchema, next: Serial
    ) throws(StoreError) {
        for table in IndexTable.allCases + [.word] where !pending[table.rawValue].isEmpty {
            IndexSort.sort(&pending[table.rawValue])
            try write(table, schema[table], to: transaction)
            pending[table.rawValue].removeAll(keepingCapacity: true)
        }
        dead.removeAll(keepingCapacity: true)
        base = next
        count = 0
    }

    private func write(
        _ index: IndexTable, _ table: Table, to transaction: borrowing some WritableSnapshot & ~Copyable
    ) throws(StoreError) {
        let cursor = try Cursor(transaction, table)
        var previous: IndexEntry?
        for entry in pending[index.rawValue] {
            // A tag that is there twice.
            if entry == previous { continue }
            previous = entry
            var plain = entry
            plain.posting.serial.rawValue &= ~Self.removalBit
            if isDead(plain.posting.serial) { continue }
            if plain == entry {
                try cursor.put(plain.key(in: index).span)
            } else {
                _ = try cursor.delete(plain.key(in: index).span)
            }
        }
    }

    /// The serials that will be written under a value.
    func serials(_ prefix: UInt64, in table: IndexTable, ignoringKinds: (UInt16) -> Bool) -> [Serial] {
        pending[table.rawValue].compactMap { entry in
            guard entry.value.prefix == prefix, !ignoringKinds(entry.value.kind),
                entry.posting.serial <= .max, !isDead(entry.posting.serial)
            else { return nil }
            return entry.posting.serial
        }
    }
}
