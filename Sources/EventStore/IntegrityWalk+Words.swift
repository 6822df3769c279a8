// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What a walk has seen of the index of words.
struct WordTally {
    var keys = WordKeys()
    var entries = WordEntries()
    /// Entries that the events walked over ask for.
    var expected = 0
    var isLacking = false

    /// The entries of one event.
    struct WordEntries: IndexSink {
        var all: Set<IndexEntry> = []
        mutating func add(_ entry: IndexEntry, to table: IndexTable) { all.insert(entry) }
    }

    /// The entries that an event asks for.
    mutating func of(
        _ event: EventHeader, _ json: Span<UInt8>, _ serial: Serial, _ maker: KeyMaker
    ) -> Set<IndexEntry> {
        entries.all.removeAll(keepingCapacity: true)
        keys.addEntries(of: event, json: json, serial: serial, maker, to: &entries)
        return entries.all
    }
}

// The index of words, both ways.
extension IntegrityWalk {
    /// Whether an event is not found by all its words.
    mutating func lacksWords(
        _ event: EventHeader, _ json: Span<UInt8>, _ serial: Serial, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) -> Bool {
        guard SearchedText.isSearched(event.kind), context.schema[.search] != nil,
            try snapshot.buildState(.search, context.schema).covers(serial)
        else { return false }
        let entries = words.of(event, json, serial, context.maker)
        words.expected += entries.count
        for entry in entries
        where try !snapshot.hasValue(context.schema[.word], entry.key(in: .word).span) {
            words.isLacking = true
            return true
        }
        return false
    }

    /// Every entry leads to an event that has the word.
    mutating func walkWords(
        _ table: Table, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) {
        // Of an index that is given up or behind, whatever is left is emptied when the store is opened.
        guard try snapshot.keepsWords(context.schema) else { return }
        let rows = try snapshot.rows(table)
        let isProven = !words.isLacking && words.expected == rows
        var cursor = try Cursor(snapshot, table)
        var isThere = try cursor.next()
        while isThere {
            report.entries[IndexTable.word.name, default: 0] += 1
            if cursor.key.count != IndexTable.word.keyBytes {
                report.add("word: a key of \(cursor.key.count) bytes")
            } else if try !leadsToItsWord(cursor.key, isProven: isProven, snapshot) {
                report.add(
                    "word: an entry leads to event \(Posting(endOf: cursor.key).serial.rawValue), which has not the word"
                )
            }
            isThere = try cursor.next()
        }
    }

    private mutating func leadsToItsWord(
        _ key: Span<UInt8>, isProven: Bool, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) -> Bool {
        let posting = Posting(endOf: key)
        guard let record = try snapshot.storedRecord(posting.serial, context.schema) else { return false }
        // That the event asks for this entry is known from the first walk.
        if isProven { return posting.invertedTime == KeyMaker.invert(record.createdAt) }
        let entry = IndexEntry(value: IndexValue(of: key, in: .word), posting: posting)
        let text = try record.text()
        return words.of(try record.header(), text.json, posting.serial, context.maker).contains(entry)
    }
}
