// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore

/// What a walk has seen of trees.
struct TreeTally {
    let trees: [NegentropyTree]
    /// Items that each should have.
    var expected: [Int]
    /// Events that each should leave out.
    var leftOut: [Int]

    init(_ trees: [NegentropyTree]) {
        self.trees = trees
        expected = Array(repeating: 0, count: trees.count)
        leftOut = expected
    }
}

// Trees, against the events and level against level.
extension IntegrityWalk {
    /// Whether a tree that an event belongs to has no row of it.
    mutating func lacksTree(
        _ event: EventHeader, _ json: Span<UInt8>, _ serial: Serial, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) -> Bool {
        guard let table = context.schema[.tree], !trees.trees.isEmpty,
            try snapshot.buildState(.tree, context.schema).covers(serial),
            try snapshot.keepsTrees(trees.trees, context.schema, context.maker)
        else { return false }
        var isLacking = false
        let item = NegentropyItem(event.createdAt, event.id)
        for (number, tree) in trees.trees.enumerated() where tree.matches(event, json: json) {
            if tree.leavesOut(event.kind) {
                trees.leftOut[number] += 1
                continue
            }
            trees.expected[number] += 1
            if try !snapshot.hasValue(table, TreeKey(TreeName(number), 0, item).span) { isLacking = true }
        }
        return isLacking
    }

    /// Every row sums what is below it, and there are no others.
    mutating func walkTrees(_ table: Table, _ snapshot: borrowing ReadTransaction) throws(StoreError) {
        // Of other trees, and of those that somebody has not kept, whatever is left is emptied when the store is opened.
        guard try snapshot.keepsTrees(trees.trees, context.schema, context.maker) else { return }
        var rows = 0
        for (number, filter) in trees.trees.map(\.filter).enumerated() {
            let (name, tree) = ("tree \(filter.canonicalJSON)", TreeName(number))
            let found = try walkTree(tree, called: name, table, snapshot)
            rows += found.rows
            if found.items != trees.expected[number] {
                report.add("\(name): it has \(found.items) items where \(trees.expected[number]) belong")
            }
            let leftOut = try snapshot.leftOut(of: tree, table)
            if leftOut != UInt64(trees.leftOut[number]) {
                report.add("\(name): it leaves out \(leftOut) where \(trees.leftOut[number]) should be")
            }
            if try snapshot.hasValue(table, TreeKey(tree, TreeKey.leftOut).span) { rows += 1 }
        }
        report.entries[DerivedTable.tree.name] = rows
        let found = try snapshot.rows(table)
        if found != rows { report.add("tree: \(found) rows where \(rows) should be") }
    }

    /// Compares the sums of one tree with its items.
    ///
    /// - Returns: how many items it has, and how many rows it should have.
    mutating func walkTree(
        _ tree: TreeName, called name: String, _ table: Table, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) -> (items: Int, rows: Int) {
        var levels = TreeLevels(maker: context.maker, top: tree.top)
        var cursor = try Cursor(snapshot, table)
        var isThere = try cursor.seek(TreeKey(tree, 0).span)
        while isThere, TreeKey.isOf(tree, 0, cursor.key) {
            levels.add(TreeKey.item(cursor.key))
            for row in levels.takeFinished() where try !isRight(row, tree, table, snapshot) {
                report.add("\(name): a row of level \(row.level) is wrong")
            }
            isThere = try cursor.next()
        }
        // A tree that never had an item has no rows at all.
        guard try snapshot.hasValue(table, TreeKey(tree, 1).span) else {
            if levels.count > 0 { report.add("\(name): it has no sums") }
            return (levels.count, levels.count)
        }
        for row in levels.end() where try !isRight(row, tree, table, snapshot) {
            report.add("\(name): a row of level \(row.level) is wrong")
        }
        return (levels.count, levels.count + levels.rows)
    }

    private func isRight(
        _ row: TreeLevels.Row, _ tree: TreeName, _ table: Table, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) -> Bool {
        guard let value = try snapshot.value(table, TreeKey(tree, row.level, row.item).span) else {
            return false
        }
        return NegentropySum(row: value) == row.sum
    }
}

/// What the rows above level 0 should be, as items come in order.
struct TreeLevels {
    /// A row and what it should sum.
    struct Row: Hashable {
        var level: UInt8
        var item: NegentropyItem
        var sum: NegentropySum
    }

    let maker: KeyMaker
    private(set) var count = 0
    /// How many rows there should be above level 0.
    private(set) var rows: Int
    private var open: [Row]
    private var finished: [Row] = []

    init(maker: KeyMaker, top: UInt8) {
        self.maker = maker
        rows = Int(top)
        open = (1...top).map { Row(level: $0, item: .start, sum: NegentropySum()) }
    }

    mutating func add(_ item: NegentropyItem) {
        count += 1
        let reach = min(open.count, Int(maker.treeLevel(of: item.id)))
        for index in 0..<reach {
            finished.append(open[index])
            open[index] = Row(level: UInt8(index + 1), item: item, sum: NegentropySum())
            rows += 1
        }
        for index in open.indices { open[index].sum.add(item.id) }
    }

    mutating func takeFinished() -> [Row] {
        defer { finished.removeAll(keepingCapacity: true) }
        return finished
    }

    /// The last row of every level.
    mutating func end() -> [Row] { takeFinished() + open }
}
