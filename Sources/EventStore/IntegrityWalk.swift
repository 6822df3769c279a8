// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The two walks of ``EventStore/check(progress:)``.
struct IntegrityWalk {
    var report = IntegrityReport()
    let context: StoreContext
    private let state: StoreState
    private var done = 0
    private let total: Int
    private var isStopped = false
    /// Tables that hold every entry that the records ask for, and as many rows: so no other ones.
    private var proven: Set<IndexTable> = []
    /// Tables that lack an entry.
    private var lacking: Set<IndexTable> = []
    private var entries = EntryList()
    /// Entries that the index of words should have, and whether it has them.
    var words = WordTally()
    /// Items that each tree should have.
    var trees: TreeTally
    /// What groups should have.
    var groups = GroupTally()

    /// Rows between two calls of the progress.
    private static let reportEvery = 10_000

    private var schema: StoreSchema { context.schema }

    init(_ snapshot: borrowing ReadTransaction, _ context: StoreContext) throws(StoreError) {
        self.context = context
        trees = TreeTally(context.trees)
        state = try snapshot.state(context.schema)
        var total = try snapshot.rows(context.schema.event)
        for index in IndexTable.allCases { total += try snapshot.rows(context.schema[index]) }
        self.total = total
    }

    mutating func run(
        _ snapshot: borrowing ReadTransaction, _ progress: (Int, Int) -> Bool
    ) throws(StoreError) {
        try walkRecords(snapshot, progress)
        for index in IndexTable.allCases where !isStopped { try walkEntries(index, snapshot, progress) }
        if !isStopped { try walkLog(snapshot) }
        if !isStopped { try walkDerived(snapshot) }
        report.isComplete = !isStopped
        _ = progress(done, total)
    }

    private mutating func step(_ progress: (Int, Int) -> Bool) {
        done += 1
        if done % Self.reportEvery == 0, !progress(done, total) { isStopped = true }
    }

    // MARK: From records to entries

    private mutating func walkRecords(
        _ snapshot: borrowing ReadTransaction, _ progress: (Int, Int) -> Bool
    ) throws(StoreError) {
        var expected: [IndexTable: Int] = [:]
        var cursor = try Cursor(snapshot, schema.event)
        var isThere = try cursor.next()
        while isThere, !isStopped {
            report.events += 1
            guard cursor.key.count == Serial.bytes else {
                report.add("an event's key has \(cursor.key.count) bytes")
                isThere = try cursor.next()
                continue
            }
            let serial = cursor.key.serial(at: 0)
            if serial >= state.nextSerial {
                report.add("event \(serial.rawValue) is newer than the store's count")
            }
            do throws(StoreError) {
                try checkRecord(EventRecord(cursor.value), serial, snapshot, &expected)
            } catch {
                report.add("event \(serial.rawValue): \(error)")
            }
            step(progress)
            isThere = try cursor.next()
        }
        guard !isStopped else { return }
        for index in IndexTable.allCases {
            let rows = try snapshot.rows(schema[index])
            if rows == expected[index] ?? 0 {
                if !lacking.contains(index) { proven.insert(index) }
            } else {
                report.add(
                    "the table \(index.name) has \(rows) entries where events have \(expected[index] ?? 0)")
            }
        }
    }

    private mutating func checkRecord(
        _ record: borrowing EventRecord, _ serial: Serial, _ snapshot: borrowing ReadTransaction,
        _ expected: inout [IndexTable: Int]
    ) throws(StoreError) {
        let header = try record.header()
        let event = try record.event()
        let name = "event \(serial.rawValue) (\(header.id))"
        guard let parsed = Event(canonical: event.json), parsed.layout == header.layout else {
            report.add("\(name): the header and the JSON differ")
            return
        }
        if !event.hasTrueID() { report.add("\(name): the id is not the hash of what is stored") }
        if event.expiration != header.expiration { report.add("\(name): another expiration in the header") }
        entries.removeAll()
        EventKeys(maker: context.maker).addEntries(
            of: header, json: event.json.span, serial: serial, to: &entries)
        for index in IndexTable.allCases {
            let list = entries.unique(in: index)
            expected[index, default: 0] += list.count
            for entry in list where try !snapshot.hasValue(schema[index], entry.key(in: index).span) {
                lacking.insert(index)
                report.add("\(name): no entry in \(index.name)")
            }
        }
        if try lacksWords(header, event.json.span, serial, snapshot) {
            report.add("\(name): it is not found by its words")
        }
        if try lacksTree(header, event.json.span, serial, snapshot) {
            report.add("\(name): a tree lacks it")
        }
        if try lacksGroup(header, event.json.span, serial, snapshot) {
            report.add("\(name): a group lacks it")
        }
        // What is hidden waits to be removed: whatever else would have taken it away did not find it.
        if try snapshot.hides(record, schema) { return }
        try checkTombstones(event, name, snapshot)
        if try lacksSketch(header, event.json.span, serial, snapshot) {
            report.add("\(name): it is not counted")
        }
        if let reason = try reasonToBeGone(event, snapshot) { report.add("\(name): \(reason)") }
        if let address = event.address {
            let holders = try snapshot.serials(context.maker.address(address), .address, schema)
            for other in holders where other != serial {
                if let record = try snapshot.record(other, schema), try record.lives(at: address) {
                    report.add("\(name): its address is also held by event \(other.rawValue)")
                }
            }
        }
    }

    /// What is stored must not be gone, and what a deletion names must be.
    private mutating func checkTombstones(
        _ event: Event, _ name: String, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) {
        let tombstones = Tombstones(maker: context.maker)
        if WriteRules.mayBeDeleted(event.kind),
            try snapshot.hasValue(schema.goneIDs, tombstones.key(event.id, by: event.pubkey).span)
        {
            report.add("\(name): it was deleted and is still there")
        }
        if let address = event.address,
            let row = try snapshot.value(schema.goneAddresses, tombstones.key(address).span),
            try Tombstones.time(row) >= event.createdAt
        {
            report.add("\(name): its address was deleted and it is still there")
        }
        guard event.kind == .deletion else { return }
        let targets = DeletionTargets(event)
        for id in targets.ids
        where try !snapshot.hasValue(schema.goneIDs, tombstones.key(id, by: event.pubkey).span) {
            report.add("\(name): no tombstone for \(id)")
        }
        for address in targets.addresses {
            let row = try snapshot.value(schema.goneAddresses, tombstones.key(address).span)
            guard let row, try Tombstones.time(row) >= event.createdAt else {
                report.add("\(name): no tombstone for \(address)")
                continue
            }
        }
    }

    // MARK: From entries to records

    private mutating func walkEntries(
        _ index: IndexTable, _ snapshot: borrowing ReadTransaction, _ progress: (Int, Int) -> Bool
    ) throws(StoreError) {
        var cursor = try Cursor(snapshot, schema[index])
        var isThere = try cursor.next()
        while isThere, !isStopped {
            report.entries[index.name, default: 0] += 1
            if cursor.key.count != index.keyBytes {
                report.add("\(index.name): a key of \(cursor.key.count) bytes")
            } else {
                let serial = cursor.key.serial(at: index.keyBytes - Serial.bytes)
                if try !leads(cursor.key, index, to: serial, snapshot) {
                    report.add(
                        "\(index.name): an entry leads to event \(serial.rawValue), which is not its own")
                }
            }
            step(progress)
            isThere = try cursor.next()
        }
    }

    /// Whether an entry belongs to the event whose serial it ends with.
    private func leads(
        _ key: Span<UInt8>, _ index: IndexTable, to serial: Serial, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) -> Bool {
        guard let record = try snapshot.storedRecord(serial, schema) else { return false }
        if proven.contains(index) {
            // That the event asks for this entry is known from the first walk.
            let isOfTime =
                !index.hasTime || Posting(endOf: key).invertedTime == KeyMaker.invert(record.createdAt)
            return isOfTime && (!index.hasKind || IndexValue(of: key, in: index).kind == record.kind.rawValue)
        }
        var sought = EntrySought(index: index, value: IndexValue(of: key, in: index))
        if index.hasTime { sought.posting = Posting(endOf: key) }
        let text = try record.text()
        EventKeys(maker: context.maker).addEntries(
            of: try record.header(), json: text.json, serial: serial, to: &sought)
        return sought.isFound
    }

    private mutating func walkLog(_ snapshot: borrowing ReadTransaction) throws(StoreError) {
        var cursor = try Cursor(snapshot, schema.log)
        var previous: UInt64?
        var bytes: UInt64 = 0
        var isThere = try cursor.next()
        while isThere {
            report.entries["log", default: 0] += 1
            let sequence = cursor.key.count == 8 ? cursor.key.word(at: 0) : 0
            if let previous, sequence != previous + 1 { report.add("log: \(sequence) follows \(previous)") }
            previous = sequence
            bytes += UInt64(cursor.value.count)
            do throws(StoreError) {
                let row = try CommitRow(cursor.value)
                if row.serials.upperBound > state.nextSerial.rawValue {
                    report.add("log: commit \(sequence) stored events newer than the store's count")
                }
            } catch {
                report.add("log: commit \(sequence): \(error)")
            }
            isThere = try cursor.next()
        }
        if (previous ?? state.sequence.rawValue) != state.sequence.rawValue {
            report.add("log: it ends with \(previous ?? 0), the store with \(state.sequence)")
        }
        if bytes != state.logBytes {
            report.add("log: it has \(bytes) bytes where \(state.logBytes) are counted")
        }
    }
}

/// The entries of one event, each once.
private struct EntryList: IndexSink {
    private var entries: [[IndexEntry]] = Array(repeating: [], count: IndexTable.allCases.count)

    mutating func add(_ entry: IndexEntry, to table: IndexTable) { entries[table.rawValue].append(entry) }

    mutating func removeAll() {
        for index in entries.indices { entries[index].removeAll(keepingCapacity: true) }
    }

    /// In the order of their keys.
    mutating func unique(in table: IndexTable) -> [IndexEntry] {
        entries[table.rawValue].sort()
        var last: IndexEntry?
        entries[table.rawValue].removeAll { entry in
            defer { last = entry }
            return entry == last
        }
        return entries[table.rawValue]
    }
}

/// Looks for one entry among those of an event.
private struct EntrySought: IndexSink {
    let index: IndexTable
    let value: IndexValue
    /// `nil` in tables without times.
    var posting: Posting?
    private(set) var isFound = false

    init(index: IndexTable, value: IndexValue) {
        self.index = index
        self.value = value
    }

    mutating func add(_ entry: IndexEntry, to table: IndexTable) {
        guard table == index, entry.value == value else { return }
        if posting == nil || posting == entry.posting { isFound = true }
    }
}
