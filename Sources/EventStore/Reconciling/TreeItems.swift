// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore

/// A tree's items between two places, read where they lie: a few rows of each level for every question.
struct TreeItems: NegentropyStorage {
    typealias Failure = StoreError

    private let transaction: BorrowedReading
    private let table: Table
    private let tree: TreeName
    /// The place in the tree of the first item.
    private let first: Int
    let count: Int
    private let memory = Memory()

    init(
        _ transaction: BorrowedReading, _ table: Table, _ tree: TreeName, _ span: TimeSpan = TimeSpan()
    ) throws(StoreError) {
        (self.transaction, self.table, self.tree) = (transaction, table, tree)
        let walk = TreeWalk(transaction: transaction, table: table, tree: tree)
        first = try walk.count(before: span.start)
        count = max(0, try walk.count(before: span.end) - first)
    }

    private var walk: TreeWalk { TreeWalk(transaction: transaction, table: table, tree: tree) }

    func firstIndex(notBefore bound: NegentropyBound, in range: Range<Int>) throws(StoreError) -> Int {
        if bound == .infinity { return range.upperBound }
        let index = try walk.count(before: bound) - first
        return min(max(index, range.lowerBound), range.upperBound)
    }

    func sum(of range: Range<Int>) throws(StoreError) -> NegentropySum {
        var sum = try self.sum(before: range.upperBound)
        sum.remove(try self.sum(before: range.lowerBound))
        return sum
    }

    func items(in range: Range<Int>, _ body: (NegentropyItem) -> Bool) throws(StoreError) {
        guard !range.isEmpty else { return }
        try walk.items(from: first + range.lowerBound, count: range.count, body)
    }

    /// Ranges that follow each other share an end.
    private func sum(before index: Int) throws(StoreError) -> NegentropySum {
        if let known = memory.sums[index] { return known }
        let sum = try walk.sum(ofFirst: first + index)
        if memory.sums.count >= Memory.most { memory.sums.removeAll(keepingCapacity: true) }
        memory.sums[index] = sum
        return sum
    }

    /// Sums that were read for one message.
    private final class Memory {
        static let most = 64
        var sums: [Int: NegentropySum] = [:]
    }
}

/// Finds places in a tree, from its top down.
struct TreeWalk {
    let transaction: BorrowedReading
    let table: Table
    let tree: TreeName

    /// How many items lie before a bound.
    func count(before bound: NegentropyBound) throws(StoreError) -> Int {
        try descend { bound.isAfter($0.next) }.sum.intCount
    }

    /// The sum of so many items from the beginning on.
    func sum(ofFirst count: Int) throws(StoreError) -> NegentropySum {
        try descend { $0.sumUpToNext.count <= UInt64(count) }.sum
    }

    /// Gives `count` items from a place on, until `body` returns `false`.
    func items(from place: Int, count: Int, _ body: (NegentropyItem) -> Bool) throws(StoreError) {
        let transaction = transaction
        let found = try descend { $0.sumUpToNext.count <= UInt64(place) }
        guard let start = found.item else { return }
        var cursor = try Cursor(transaction, table)
        var left = count
        var isThere = try cursor.seek(TreeKey(tree, 0, start).span)
        while left > 0, isThere, TreeKey.isOf(tree, 0, cursor.key) {
            guard body(TreeKey.item(cursor.key)) else { return }
            left -= 1
            isThere = try cursor.next()
        }
    }

    /// What is known while a level is walked along.
    private struct Step {
        /// The sum of everything before the next row.
        var sumUpToNext: NegentropySum
        /// The item at which the next row begins; at level 0 the item that may be passed.
        var next: NegentropyItem
    }

    /// Walks each level as long as the next row may be reached, and goes down there.
    ///
    /// - Returns: the sum of the items that were passed, and the first that was not.
    private func descend(
        while mayPass: (Step) -> Bool
    ) throws(StoreError) -> (sum: NegentropySum, item: NegentropyItem?) {
        let transaction = transaction
        var cursor = try Cursor(transaction, table)
        var (sum, start) = (NegentropySum(), NegentropyItem.start)
        for level in (1...tree.top).reversed() {
            guard try cursor.seek(TreeKey(tree, level, start).span), TreeKey.isOf(tree, level, cursor.key)
            else {
                // A tree that never had an item has no rows.
                if level == tree.top { return (sum, nil) }
                throw .corrupt("a tree lacks a row of level \(level)")
            }
            while true {
                var after = sum
                after.add(try TreeWriter.sum(cursor.value))
                guard try cursor.next(), TreeKey.isOf(tree, level, cursor.key) else { break }
                let next = TreeKey.item(cursor.key)
                guard mayPass(Step(sumUpToNext: after, next: next)) else { break }
                (sum, start) = (after, next)
            }
        }
        var isThere = try cursor.seek(TreeKey(tree, 0, start).span)
        while isThere, TreeKey.isOf(tree, 0, cursor.key) {
            let item = TreeKey.item(cursor.key)
            var after = sum
            after.add(item.id)
            guard mayPass(Step(sumUpToNext: after, next: item)) else { return (sum, item) }
            sum = after
            isThere = try cursor.next()
        }
        return (sum, nil)
    }
}

extension NegentropySum {
    var intCount: Int { Int(clamping: count) }
}
