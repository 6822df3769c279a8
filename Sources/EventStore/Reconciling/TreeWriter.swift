// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore

/// Brings one tree's rows up to date with items that come and go.
struct TreeWriter {
    let transaction: BorrowedTransaction
    let table: Table
    let maker: KeyMaker
    let tree: TreeName

    /// - Parameter changes: of this tree, sorted, one an item: those added are not there yet, those removed are.
    /// - Returns: whether the tree had no rows.
    @discardableResult
    func apply(_ changes: ArraySlice<TreeChange>) throws(StoreError) -> Bool {
        guard let first = changes.first else { return false }
        // Not a property of a change: most never need it.
        let levels = changes.map { maker.treeLevel(of: $0.item.id) }
        let transaction = transaction
        var cursor = try Cursor(transaction, table)
        for change in changes {
            let key = TreeKey(tree, 0, change.item)
            if change.isRemoval {
                guard try cursor.delete(key.span) else { throw .corrupt("a tree lacks \(first.item.id)") }
            } else {
                try cursor.put(key.span)
            }
        }
        let isNew = try row(of: first.item, at: 1, &cursor) == nil
        if isNew { try begin() }
        for level in 1...tree.top { try apply(changes, levels, at: level, &cursor) }
        return isNew
    }

    /// Takes the rows of a tree without items away.
    ///
    /// - Returns: whether it has none.
    func endIfEmpty() throws(StoreError) -> Bool {
        let transaction = transaction
        do {
            var cursor = try Cursor(transaction, table)
            if try cursor.seek(TreeKey(tree, 0).span), TreeKey.isOf(tree, 0, cursor.key) { return false }
        }
        for level in 1...tree.top { try transaction.delete(table, TreeKey(tree, level).span) }
        return true
    }

    /// The rows that every tree has.
    private func begin() throws(StoreError) {
        let none = NegentropySum().row
        for level in 1...tree.top {
            try transaction.put(table, TreeKey(tree, level).span, none.span)
        }
    }

    @_lifetime(cursor: copy cursor)
    private func apply(
        _ changes: ArraySlice<TreeChange>, _ levels: [UInt8], at level: UInt8, _ cursor: inout Cursor
    ) throws(StoreError) {
        let none = NegentropySum().row
        for (change, reach) in zip(changes, levels) where reach >= level {
            let key = TreeKey(tree, level, change.item)
            if change.isRemoval {
                try transaction.delete(table, key.span)
            } else {
                try transaction.put(table, key.span, none.span)
            }
        }
        var index = changes.startIndex
        var summed: NegentropyItem?
        while index < changes.endIndex {
            guard let row = try row(of: changes[index].item, at: level, &cursor) else {
                throw .corrupt("a tree has no beginning")
            }
            // What a row sums has changed by these, unless rows came or went in it.
            var (plus, minus) = (NegentropySum(), NegentropySum())
            var isNew = false
            while index < changes.endIndex, row.next.map({ changes[index].item < $0 }) ?? true {
                if changes[index].isRemoval {
                    minus.add(changes[index].item.id)
                } else {
                    plus.add(changes[index].item.id)
                }
                if levels[index - changes.startIndex] >= level {
                    isNew = true
                    if changes[index].item == row.item, let before = try previous(row.item, at: level),
                        before != summed
                    {
                        try sum(before, upTo: row.item, at: level)
                    }
                }
                index += 1
            }
            // The next row may be new, and have taken some of this one's.
            if index < changes.endIndex, row.next == changes[index].item { isNew = true }
            if isNew {
                try sum(row.item, upTo: row.next, at: level)
            } else {
                var sum = row.sum
                sum.add(plus)
                sum.remove(minus)
                try cursor.overwrite(TreeKey(tree, level, row.item).span, sum.row.span)
            }
            summed = row.item
        }
    }

    /// A row above level 0.
    private struct Row {
        var item: NegentropyItem
        var sum: NegentropySum
        /// Where the next one of its level begins.
        var next: NegentropyItem?
    }

    /// The row that an item is summed in; the cursor is left there. `nil` when the tree has no rows.
    @_lifetime(cursor: copy cursor)
    private func row(
        of item: NegentropyItem, at level: UInt8, _ cursor: inout Cursor
    ) throws(StoreError) -> Row? {
        var next: NegentropyItem?
        var isThere = try cursor.seek(TreeKey(tree, level, item).span)
        if isThere, TreeKey.isOf(tree, level, cursor.key) {
            let found = TreeKey.item(cursor.key)
            if found == item {
                let isFollowed = try cursor.next()
                if isFollowed, TreeKey.isOf(tree, level, cursor.key) { next = TreeKey.item(cursor.key) }
                isThere = isFollowed
            } else {
                next = found
            }
        }
        guard try isThere ? cursor.previous() : cursor.last(), TreeKey.isOf(tree, level, cursor.key) else {
            return nil
        }
        return Row(item: TreeKey.item(cursor.key), sum: try Self.sum(cursor.value), next: next)
    }

    private func previous(_ item: NegentropyItem, at level: UInt8) throws(StoreError) -> NegentropyItem? {
        let transaction = transaction
        var cursor = try Cursor(transaction, table)
        guard try cursor.seek(TreeKey(tree, level, item).span), try cursor.previous(),
            TreeKey.isOf(tree, level, cursor.key)
        else { return nil }
        return TreeKey.item(cursor.key)
    }

    /// Writes what the rows below sum up to.
    private func sum(
        _ start: NegentropyItem, upTo end: NegentropyItem?, at level: UInt8
    ) throws(StoreError) {
        let transaction = transaction
        var sum = NegentropySum()
        do {
            var cursor = try Cursor(transaction, table)
            let below = level - 1
            var isThere = try cursor.seek(TreeKey(tree, below, start).span)
            while isThere, TreeKey.isOf(tree, below, cursor.key) {
                let item = TreeKey.item(cursor.key)
                if let end, item >= end { break }
                if below == 0 { sum.add(item.id) } else { sum.add(try Self.sum(cursor.value)) }
                isThere = try cursor.next()
            }
        }
        try transaction.put(table, TreeKey(tree, level, start).span, sum.row.span)
    }

    static func sum(_ value: Span<UInt8>) throws(StoreError) -> NegentropySum {
        guard let sum = NegentropySum(row: value) else { throw .corrupt("a sum of \(value.count) bytes") }
        return sum
    }
}
