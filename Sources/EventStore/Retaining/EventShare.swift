// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// **Bytes** that what is stored takes in a file into which it is put afresh.
///
/// They follow from the rows alone, never from how full the pages happen to be: deleting leaves pages half empty
/// and gives few of them back. Both sides of every comparison are made of these: what all events take
/// (``LiveBytes``) and what goes with one of them (``EventShare``).
enum RowBytes {
    private static let page = 4096
    /// Of a page, what is no header.
    private static let room = page - 16
    /// A row's header and its place in the page's list.
    private static let overhead = 10
    /// A longer row's value lies on pages of its own (`me_nodemax`).
    private static let inlineMax = 2038

    /// Of an index's pages, the part that is filled when events come in batches, sorted or not: measured, 0.56 … 0.72.
    private static let indexFilling = 0.68

    /// The row of an event, whose value has so many bytes.
    static func event(_ value: Int) -> Int {
        let node = 8 + Serial.bytes + value
        if node > inlineMax {
            return (16 + value + page - 1) / page * page + overhead + Serial.bytes + 8
        }
        // Rows are appended, so that a page ends where the next one does not fit: half a row is lost, on average.
        let whole = Double(overhead + Serial.bytes + value)
        return Int((whole / (1 - whole / 2 / Double(room))).rounded())
    }

    /// One entry of an index.
    static func entry(of table: IndexTable) -> Int { row(table.keyBytes) }

    /// One item of a filter's kept set.
    static var item: Int { row(2 + TreeKey.placeBytes) }
    /// One item of a group's.
    static var groupItem: Int { row(9 + TreeKey.placeBytes) }

    private static func row(_ bytes: Int) -> Int {
        Int((Double(bytes + bytes % 2 + overhead) / indexFilling).rounded())
    }
}

/// What goes when an event goes.
public struct EventShare: Sendable {
    private let maker: KeyMaker
    private let trees: [NegentropyTree]
    private let groups: RepositoryGroups?
    private let indexesWords: Bool

    public init(in store: EventStore) {
        maker = store.maker
        trees = store.trees
        groups = store.groups
        indexesWords = store.indexesWords
    }

    /// **Bytes** of a stored event's row and of all its entries.
    public func bytes(_ event: EventHeader, json: Span<UInt8>) -> Int {
        var entries = Entries()
        EventKeys(maker: maker).addEntries(of: event, json: json, serial: Serial(rawValue: 0), to: &entries)
        if indexesWords {
            var words = WordKeys()
            words.addEntries(of: event, json: json, serial: Serial(rawValue: 0), maker, to: &entries)
        }
        for tree in trees where !tree.leavesOut(event.kind) && tree.matches(event, json: json) {
            entries.bytes += RowBytes.item
        }
        if let groups, !groups.leavingOut.contains(event.kind) {
            var named = EventGroups()
            named.find(event.layout, json: json, maker)
            entries.bytes += named.groupCount * RowBytes.groupItem
        }
        return RowBytes.event(event.rowBytes) + entries.bytes
    }

    /// Adds entries up; a tag that is there twice has one.
    private struct Entries: IndexSink {
        var bytes = 0
        private var tags: Set<IndexEntry> = []

        mutating func add(_ entry: IndexEntry, to table: IndexTable) {
            if table == .tag || table == .tagKind, !tags.insert(entry).inserted { return }
            bytes += RowBytes.entry(of: table)
        }
    }
}
