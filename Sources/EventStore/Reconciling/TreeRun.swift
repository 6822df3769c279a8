// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore

/// A tree that is walked along: over whole rows where they lie before the bound, from the level that leads there soonest.
///
/// The items of one row of level 1 are held, some 32 of them; what is passed among these is not looked for in the table.
struct TreeRun: ItemRun {
    typealias Failure = StoreError

    private let transaction: BorrowedReading
    private let table: Table
    private let tree: TreeName
    /// How levels follow each other: ``KeyShape/treeBits``.
    private let bits: Int
    /// Of each level above 0, from the lowest: the row that the place lies in.
    private var rows: [Row] = []
    /// The items of the row of level 1, and how many of them were passed.
    private var held: [NegentropyItem] = []
    private var place = 0
    private(set) var passed = NegentropySum()

    private struct Row {
        var start: NegentropyItem
        /// Of everything before it, and of what is in it.
        var before: NegentropySum
        var sum: NegentropySum
        /// Where the next one of its level begins.
        var next: NegentropyItem?
    }

    init(_ transaction: BorrowedReading, _ table: Table, _ tree: TreeName, bits: Int) throws(StoreError) {
        (self.transaction, self.table, self.tree, self.bits) = (transaction, table, tree, bits)
        for level in 1...tree.top { rows.append(try row(level, at: .start, after: NegentropySum())) }
        try hold()
    }

    var next: NegentropyItem? { place < held.count ? held[place] : rows[0].next }

    mutating func pass(before bound: NegentropyBound) throws(StoreError) {
        try pass { bound.isAfter($0) }
    }

    mutating func passNext() throws(StoreError) {
        guard let next else { return }
        if place == held.count { try pass { $0 == next } } else { passHeld() }
    }

    private mutating func passHeld() {
        passed.add(held[place].id)
        place += 1
    }

    /// - Parameter mayPass: holds for all items up to one, and for none behind it.
    private mutating func pass(while mayPass: (NegentropyItem) -> Bool) throws(StoreError) {
        var hasMoved = false
        for index in rows.indices.reversed() {
            let level = UInt8(index + 1)
            if hasMoved {
                rows[index] = try row(level, at: rows[index + 1].start, after: rows[index + 1].before)
            }
            if let next = rows[index].next, mayPass(next) {
                try advance(level, to: next, while: mayPass)
                hasMoved = true
            }
        }
        if hasMoved { try hold() }
        while place < held.count, mayPass(held[place]) { passHeld() }
    }

    /// Walks along a level as long as the next row may be reached.
    private mutating func advance(
        _ level: UInt8, to start: NegentropyItem, while mayPass: (NegentropyItem) -> Bool
    ) throws(StoreError) {
        let transaction = transaction
        var row = rows[Int(level) - 1]
        var cursor = try Cursor(transaction, table)
        guard try cursor.seek(TreeKey(tree, level, start).span), isRow(level, start, cursor.key) else {
            throw lacking(level)
        }
        repeat {
            row.before.add(row.sum)
            row.start = TreeKey.item(cursor.key)
            row.sum = try TreeWriter.sum(cursor.value)
            let isFollowed = try cursor.next()
            row.next = isFollowed && TreeKey.isOf(tree, level, cursor.key) ? TreeKey.item(cursor.key) : nil
        } while row.next.map(mayPass) ?? false
        rows[Int(level) - 1] = row
    }

    private func row(
        _ level: UInt8, at start: NegentropyItem, after before: NegentropySum
    ) throws(StoreError) -> Row {
        let transaction = transaction
        var cursor = try Cursor(transaction, table)
        guard try cursor.seek(TreeKey(tree, level, start).span), isRow(level, start, cursor.key) else {
            throw lacking(level)
        }
        var row = Row(start: start, before: before, sum: try TreeWriter.sum(cursor.value))
        if try cursor.next(), TreeKey.isOf(tree, level, cursor.key) { row.next = TreeKey.item(cursor.key) }
        return row
    }

    private func isRow(_ level: UInt8, _ item: NegentropyItem, _ key: Span<UInt8>) -> Bool {
        TreeKey.isOf(tree, level, key) && TreeKey.item(key) == item
    }

    private func lacking(_ level: UInt8) -> StoreError { .corrupt("a tree lacks a row of level \(level)") }

    /// Reads the items of the row of level 1.
    private mutating func hold() throws(StoreError) {
        let transaction = transaction
        held.removeAll(keepingCapacity: true)
        (place, passed) = (0, rows[0].before)
        let next = rows[0].next
        var cursor = try Cursor(transaction, table)
        var isThere = try cursor.seek(TreeKey(tree, 0, rows[0].start).span)
        while isThere, TreeKey.isOf(tree, 0, cursor.key) {
            let item = TreeKey.item(cursor.key)
            if let next, !(item < next) { break }
            held.append(item)
            isThere = try cursor.next()
        }
    }

    /// The items that have rows at a level: a hash chose them.
    func sample(
        from start: NegentropyBound, to end: NegentropyBound, oneIn: Int, _ body: (NegentropyItem) -> Void
    ) throws(StoreError) {
        let transaction = transaction
        var level: UInt8 = 1
        while level < tree.top, oneIn >> (bits * Int(level + 1)) > 0 { level += 1 }
        let first = NegentropyItem(timestamp: min(start.timestamp, .max - 1), id: EventID(start.prefix))
        var cursor = try Cursor(transaction, table)
        var isThere = try cursor.seek(TreeKey(tree, level, first).span)
        while isThere, TreeKey.isOf(tree, level, cursor.key) {
            let item = TreeKey.item(cursor.key)
            guard end.isAfter(item) else { return }
            if item != .start { body(item) }
            isThere = try cursor.next()
        }
    }
}
