// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore

/// What a walk has seen of what groups are made of.
struct GroupTally {
    var finder = EventGroups()
    /// Items that all groups should have.
    var expected = 0
    /// Events that each letter should leave out.
    var leftOut: [GroupLetter: Int] = [:]
}

// Groups: their events, their sums, and by what they are found.
extension IntegrityWalk {
    /// Whether a group that an event belongs to has no row of it, or is not found by what the event names.
    mutating func lacksGroup(
        _ event: EventHeader, _ json: Span<UInt8>, _ serial: Serial, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) -> Bool {
        guard let kept = context.groups, let table = context.schema[.group],
            try snapshot.buildState(.group, context.schema).covers(serial),
            try snapshot.keepsGroups(kept, context.schema, context.maker)
        else { return false }
        let reading = BorrowedReading(snapshot)
        let item = NegentropyItem(event.createdAt, event.id)
        let isLeftOut = kept.leavingOut.contains(event.kind)
        var isLacking = false
        var finder = EventGroups()
        swap(&finder, &groups.finder)
        finder.find(event.layout, json: json, context.maker)
        try finder.forEachGroup(context.maker) { (group, members) throws(StoreError) in
            if isLeftOut, let letter = members.first?.letter {
                groups.leftOut[letter, default: 0] += 1
                return
            }
            groups.expected += 1
            if try !reading.hasValue(table, TreeKey(group, 0, item).span) { isLacking = true }
            for naming in members
            where try !reading.hasValue(table, GroupKey.group(group.number, of: naming).span) {
                isLacking = true
            }
        }
        swap(&finder, &groups.finder)
        return isLacking
    }

    /// Every group sums its items, and no row is there that nothing asks for.
    mutating func walkGroups(_ table: Table, _ snapshot: borrowing ReadTransaction) throws(StoreError) {
        // Of groups that somebody has not kept, whatever is left is emptied when the store is opened.
        guard let kept = context.groups, try snapshot.keepsGroups(kept, context.schema, context.maker) else {
            return
        }
        var (rows, items, listed) = (0, 0, 0)
        var cursor = try Cursor(snapshot, table)
        var isThere = try cursor.next()
        while isThere, GroupKey.isOfTree(cursor.key) {
            guard let group = TreeName(groupKey: cursor.key) else {
                report.add("group: a key of \(cursor.key.count) bytes")
                return
            }
            let first = TreeKey.isOf(group, 0, cursor.key) ? TreeKey.item(cursor.key) : nil
            let found = try walkTree(group, called: "a group", table, snapshot)
            (rows, items) = (rows + found.rows, items + found.items)
            if let first, let names = try namesOfGroup(group, with: first, snapshot) {
                listed += names
            } else {
                report.add("a group: its first item does not belong to it")
            }
            isThere = try cursor.seek(TreeKey(group, .max).span)
        }
        if items != groups.expected {
            report.add("groups have \(items) items where \(groups.expected) belong")
        }
        for letter in GroupLetter.allCases {
            let leftOut = try snapshot.leftOut(of: letter, table)
            if leftOut != UInt64(groups.leftOut[letter] ?? 0) {
                report.add(
                    "groups of \(letter.text) leave out \(leftOut) where \(groups.leftOut[letter] ?? 0) should be"
                )
            }
            if leftOut > 0 { rows += 1 }
        }
        rows += listed
        report.entries[DerivedTable.group.name] = rows
        let found = try snapshot.rows(table)
        if found != rows { report.add("group: \(found) rows where \(rows) should be") }
    }

    /// How many repositories the events of a group name; `nil` when this one is not of the group.
    private mutating func namesOfGroup(
        _ group: TreeName, with item: NegentropyItem, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) -> Int? {
        for serial in try snapshot.serials(context.maker.id(item.id), .id, context.schema) {
            guard let record = try snapshot.storedRecord(serial, context.schema), try record.id() == item.id
            else { continue }
            let text = try record.text()
            groups.finder.find(record.layout, json: text.json, context.maker)
            var names: Int?
            try groups.finder.forEachGroup(context.maker) { (found, members) throws(StoreError) in
                if found == group { names = members.count }
            }
            return names
        }
        return nil
    }
}
