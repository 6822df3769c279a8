// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore

/// What a transaction's events change in groups, gathered so that each row is read and written once.
struct GroupBatch {
    private(set) var pending: [TreeChange] = []
    /// What the events of each group name: a range of ``namings``.
    private var named: [TreeName: Range<Int>] = [:]
    private var namings: [EventGroups.Naming] = []
    /// How many events more, or fewer, are left out of each letter.
    private var leftOut: [GroupLetter: Int64] = [:]
    private var finder = EventGroups()

    /// Adds an event to its groups, or takes it away.
    mutating func add(
        _ event: EventHeader, json: Span<UInt8>, to groups: RepositoryGroups, _ maker: KeyMaker,
        isRemoving: Bool
    ) throws(StoreError) {
        finder.find(event.layout, json: json, maker)
        if finder.namings.isEmpty { return }
        let item = NegentropyItem(event.createdAt, event.id)
        let isLeftOut = groups.leavingOut.contains(event.kind)
        try finder.forEachGroup(maker) { group, members in
            if isLeftOut, let letter = members.first?.letter {
                leftOut[letter, default: 0] += isRemoving ? -1 : 1
                return
            }
            pending.append(TreeChange(tree: group, item: item, isRemoval: isRemoving))
            if named[group] == nil {
                named[group] = namings.count..<(namings.count + members.count)
                namings += members
            }
        }
    }

    /// The same of a stored event.
    mutating func add(
        row: Span<UInt8>, to groups: RepositoryGroups, _ maker: KeyMaker
    ) throws(StoreError) {
        let record = try EventRecord(row)
        let text = try record.text()
        try add(try record.header(), json: text.json, to: groups, maker, isRemoving: false)
    }

    /// **Bytes** that what is gathered takes at most.
    var room: Int { StoreRoom.groupBytes * pending.count + 64 * namings.count }

    /// Writes everything gathered.
    mutating func flush(
        to transaction: BorrowedTransaction, _ table: Table, _ maker: KeyMaker
    ) throws(StoreError) {
        let changes = TreeChange.net(&pending)
        var start = 0
        while start < changes.count {
            let group = changes[start].tree
            var (end, hasRemoval) = (start, false)
            while end < changes.count, changes[end].tree == group {
                if changes[end].isRemoval { hasRemoval = true }
                end += 1
            }
            let writer = TreeWriter(transaction: transaction, table: table, maker: maker, tree: group)
            let isNew = try writer.apply(changes[start..<end])
            let isGone = hasRemoval ? try writer.endIfEmpty() : false
            if isNew != isGone { try list(group, isGone: isGone, transaction, table) }
            start = end
        }
        named.removeAll(keepingCapacity: true)
        namings.removeAll(keepingCapacity: true)
        for (letter, change) in leftOut where change != 0 {
            let before = try transaction.leftOut(of: letter, table)
            let number = UInt64(max(0, Int64(before) + change))
            let key = GroupKey.leftOut(letter)
            if number == 0 {
                try transaction.delete(table, key.span)
            } else {
                try transaction.put(table, key.span, Key(number).span)
            }
        }
        leftOut.removeAll()
    }

    /// Writes, or takes away, by what a group is found.
    private func list(
        _ group: TreeName, isGone: Bool, _ transaction: BorrowedTransaction, _ table: Table
    ) throws(StoreError) {
        guard let range = named[group] else { return }
        for naming in namings[range] {
            let key = GroupKey.group(group.number, of: naming)
            if isGone {
                try transaction.delete(table, key.span)
            } else {
                try transaction.put(table, key.span, Key().span)
            }
        }
    }
}
