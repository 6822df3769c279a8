// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The entries of one index value, newest first, read a few at a time.
///
/// Holds copies of entries, so it outlives the transaction that it read them in.
struct IndexStream: Sendable {
    let table: IndexTable
    let value: IndexValue
    /// Which filter asked.
    let filter: Int
    /// Entries are passed over unless these words lead to the same events.
    var words: [UInt64] = []
    private let window: TimeWindow
    private var buffer: [Posting]
    private var head = 0
    private var fillCount: Int
    /// Nothing is left beyond the buffer.
    private var isDrained: Bool
    private var lastRead: Posting?

    private static let fillMax = 256

    init(_ table: IndexTable, _ value: IndexValue, filter: Int, window: TimeWindow, firstFill: Int) {
        self.table = table
        self.value = value
        self.filter = filter
        self.window = window
        buffer = []
        fillCount = firstFill
        isDrained = false
    }

    /// A stream of events that are known already.
    init(sorted postings: [Posting], filter: Int) {
        table = .id
        value = IndexValue()
        self.filter = filter
        window = TimeWindow(first: 0, last: .max)
        buffer = postings
        fillCount = 0
        isDrained = true
    }

    /// The next entry, as far as it has been read.
    var first: Posting? { head < buffer.count ? buffer[head] : nil }

    /// Whether ``refill(_:_:ceiling:)`` must be called before ``first`` says anything.
    var needsRefill: Bool { head == buffer.count && !isDrained }

    mutating func removeFirst() { head += 1 }

    /// Reads further entries of events older than `ceiling`.
    ///
    /// - Returns: how many entries were looked at.
    mutating func refill(
        _ snapshot: borrowing some Snapshot & ~Copyable, _ schema: StoreSchema, ceiling: Serial
    ) throws(StoreError) -> Int {
        buffer.removeAll(keepingCapacity: true)
        head = 0
        var start = value.key(in: table)
        if let lastRead {
            start.append(lastRead.invertedTime)
            start.append(lastRead.idPrefix)
            start.append(serial: lastRead.serial.next)
        } else {
            start.append(window.first)
        }
        var cursor = try Cursor(snapshot, schema[table])
        var isThere = try cursor.seek(start.span)
        var looked = 1
        while isThere, IndexValue(of: cursor.key, in: table) == value {
            let posting = Posting(endOf: cursor.key)
            if posting.invertedTime > window.last { break }
            looked += 1
            lastRead = posting
            if posting.serial < ceiling, try hasWords(posting, snapshot, schema, &looked) {
                buffer.append(posting)
            }
            // Counts what is passed over too: a burst of newer events must not hold the page up.
            if looked > fillCount {
                fillCount = min(fillCount * 4, Self.fillMax)
                return looked
            }
            isThere = try cursor.next()
        }
        isDrained = true
        return looked
    }

    private func hasWords(
        _ posting: Posting, _ snapshot: borrowing some Snapshot & ~Copyable, _ schema: StoreSchema,
        _ looked: inout Int
    ) throws(StoreError) -> Bool {
        for word in words {
            looked += 1
            let entry = IndexEntry(value: IndexValue(prefix: word), posting: posting)
            if try !snapshot.hasValue(schema[.word], entry.key(in: .word).span) { return false }
        }
        return true
    }
}

extension TimeWindow {
    init(first: UInt64, last: UInt64) {
        self.first = first
        self.last = last
    }
}
