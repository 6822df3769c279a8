// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore

/// What a transaction's events change in trees, gathered so that each row is read and written once.
struct TreeBatch {
    private(set) var pending: [TreeChange] = []
    /// How many events more, or fewer, each tree leaves out.
    private var leftOut: [Int: Int64] = [:]

    /// Adds an event's items, or takes them away.
    mutating func add(
        _ event: EventHeader, json: Span<UInt8>, to trees: [NegentropyTree], isRemoving: Bool
    ) {
        let item = NegentropyItem(event.createdAt, event.id)
        for (number, tree) in trees.enumerated() where tree.matches(event, json: json) {
            if tree.leavesOut(event.kind) {
                leftOut[number, default: 0] += isRemoving ? -1 : 1
            } else {
                pending.append(TreeChange(tree: TreeName(number), item: item, isRemoval: isRemoving))
            }
        }
    }

    /// The same of a stored event.
    mutating func add(row: Span<UInt8>, to trees: [NegentropyTree]) throws(StoreError) {
        let record = try EventRecord(row)
        let text = try record.text()
        add(try record.header(), json: text.json, to: trees, isRemoving: false)
    }

    /// Writes everything gathered.
    mutating func flush(
        to transaction: BorrowedTransaction, _ table: Table, _ maker: KeyMaker
    ) throws(StoreError) {
        let changes = TreeChange.net(&pending)
        var start = 0
        while start < changes.count {
            var end = start
            while end < changes.count, changes[end].tree == changes[start].tree { end += 1 }
            let writer = TreeWriter(
                transaction: transaction, table: table, maker: maker, tree: changes[start].tree)
            try writer.apply(changes[start..<end])
            start = end
        }
        for (tree, change) in leftOut where change != 0 {
            let key = TreeKey(TreeName(tree), TreeKey.leftOut)
            let before = try transaction.leftOut(of: TreeName(tree), table)
            try transaction.put(table, key.span, Key(UInt64(max(0, Int64(before) + change))).span)
        }
        leftOut.removeAll()
    }
}

/// One item more or less in one tree.
struct TreeChange: Comparable {
    var tree: TreeName
    var item: NegentropyItem
    var isRemoval: Bool

    static func < (a: TreeChange, b: TreeChange) -> Bool {
        a.tree == b.tree ? a.item < b.item : a.tree < b.tree
    }

    /// Takes the changes, in order, without what was added and taken away again.
    static func net(_ changes: inout [TreeChange]) -> [TreeChange] {
        changes.sort()
        var net: [TreeChange] = []
        net.reserveCapacity(changes.count)
        for change in changes {
            if let last = net.last, last.tree == change.tree, last.item == change.item,
                last.isRemoval != change.isRemoval
            {
                net.removeLast()
            } else {
                net.append(change)
            }
        }
        changes.removeAll(keepingCapacity: true)
        return net
    }
}

extension Snapshot where Self: ~Copyable {
    /// How many stored events a tree leaves out because of their kinds.
    func leftOut(of tree: TreeName, _ table: Table) throws(StoreError) -> UInt64 {
        guard let row = try value(table, TreeKey(tree, TreeKey.leftOut).span) else { return 0 }
        guard row.count == 8 else { throw .corrupt("a tree's number of \(row.count) bytes") }
        return row.word(at: 0)
    }
}
