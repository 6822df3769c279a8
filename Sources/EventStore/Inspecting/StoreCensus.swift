// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Counts the stored events by kind and by author, some rows at a time; holds no transaction in between.
///
/// What is stored or removed meanwhile may be counted or not.
public struct StoreCensus: Sendable {
    /// What there is of one kind.
    public struct Share: Hashable, Sendable {
        public var events = 0
        /// **Bytes** of JSON.
        public var bytes = 0
        public var oldest = Timestamp(.max)
        public var newest = Timestamp(0)
    }

    /// One author's events.
    public struct Author: Hashable, Sendable {
        public var key: PublicKey
        public var events: Int
    }

    public private(set) var kinds: [Kind: Share] = [:]
    /// Those with the most events, most first.
    public private(set) var authors: [Author] = []
    /// How many authors there are in all.
    public private(set) var authorCount = 0
    /// **Bytes** that all events take with their entries, as ``LiveBytes`` counts them, once they were read.
    public var liveBytes: Int? { live.total }
    private var live = LiveBytes()
    /// Rows read so far, of twice as many as there are events.
    public private(set) var rows = 0

    private enum Phase { case events, authors, finished }

    private let authorsMax: Int
    private var phase = Phase.events
    private var last: [UInt8]?
    /// The author at hand: the beginning of the key in the index, one of the events, and how many there are.
    private var group: (prefix: UInt64, serial: Serial, events: Int)?

    /// - Parameter authors: so many of them are named.
    public init(authors: Int) { authorsMax = authors }

    /// Reads up to so many rows.
    ///
    /// - Returns: whether there is more.
    public mutating func readPage(of store: EventStore, rows: Int) throws(StoreError) -> Bool {
        let snapshot = try ReadTransaction(store.environment)
        switch phase {
        case .events: try readEvents(snapshot, store, rows)
        case .authors: try readAuthors(snapshot, store.schema, rows)
        case .finished: break
        }
        return phase != .finished
    }

    private mutating func readEvents(
        _ snapshot: borrowing ReadTransaction, _ store: EventStore, _ limit: Int
    ) throws(StoreError) {
        var cursor = try Cursor(snapshot, store.schema.event)
        var isThere = if let last { try cursor.seek((last + [0]).span) } else { try cursor.next() }
        for _ in 0..<limit where isThere {
            try note(cursor.value)
            last = cursor.key.withUnsafeBufferPointer { Array($0) }
            isThere = try cursor.next()
        }
        if isThere { return }
        try live.finish(snapshot, store)
        (phase, last) = (.authors, nil)
    }

    private mutating func note(_ row: Span<UInt8>) throws(StoreError) {
        let record = try EventRecord(row)
        live.add(row: row)
        kinds[record.kind, default: Share()].add(record.createdAt, record.jsonCount)
        rows += 1
    }

    private mutating func readAuthors(
        _ snapshot: borrowing ReadTransaction, _ schema: StoreSchema, _ limit: Int
    ) throws(StoreError) {
        var cursor = try Cursor(snapshot, schema[.author])
        var isThere = if let last { try cursor.seek((last + [0]).span) } else { try cursor.next() }
        for _ in 0..<limit where isThere {
            let (prefix, serial) = (cursor.key.word(at: 0), Posting(endOf: cursor.key).serial)
            if let group, group.prefix != prefix { try close(group.serial, group.events, snapshot, schema) }
            group = (prefix, serial, (group?.prefix == prefix ? group?.events ?? 0 : 0) + 1)
            rows += 1
            last = cursor.key.withUnsafeBufferPointer { Array($0) }
            isThere = try cursor.next()
        }
        guard !isThere else { return }
        if let group { try close(group.serial, group.events, snapshot, schema) }
        (phase, group) = (.finished, nil)
    }

    /// All entries of an author were read.
    private mutating func close(
        _ serial: Serial, _ events: Int, _ snapshot: borrowing ReadTransaction, _ schema: StoreSchema
    ) throws(StoreError) {
        authorCount += 1
        guard authorsMax > 0, authors.count < authorsMax || events > authors.last?.events ?? 0,
            let record = try snapshot.record(serial, schema)
        else { return }
        let author = Author(key: try record.pubkey(), events: events)
        authors.insert(author, at: authors.firstIndex { $0.events < events } ?? authors.count)
        if authors.count > authorsMax { authors.removeLast() }
    }
}

extension StoreCensus.Share {
    fileprivate mutating func add(_ moment: Timestamp, _ size: Int) {
        events += 1
        bytes += size
        oldest = min(oldest, moment)
        newest = max(newest, moment)
    }
}
