// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import TweetCore

/// A change while it is worked out: what was read, and what is to be written if all of that is still so.
///
/// Values that are read are conditions of the change; rows that were merely listed are not. So a change is worked out
/// without holding anything, and is refused as a whole where somebody was faster.
struct Draft {
    private struct Slot: Hashable {
        let table: SideTable
        let key: [UInt8]
    }

    private let store: EventStore
    private let limits: BridgeStoreLimits
    /// **Milliseconds** since 1970.
    let now: Int64
    private(set) var events: [Event] = []
    private var found: [Slot: [UInt8]?] = [:]
    private var written: [Slot: [UInt8]?] = [:]
    private var stamps: UInt64 = 0
    /// Accounts that were kept already: a page says the same of its author a hundred times.
    var users: Set<User> = []

    init(_ store: EventStore, limits: BridgeStoreLimits, now: Int64) {
        self.store = store
        self.limits = limits
        self.now = now
    }

    var isEmpty: Bool { events.isEmpty && written.isEmpty }
    var rows: [SideWrite] { written.map { SideWrite($0.key.table, key: $0.key.key, value: $0.value) } }
    var requirements: [SideWrite] { found.map { SideWrite($0.key.table, key: $0.key.key, value: $0.value) } }

    func checkSize() throws(BridgeStoreError) {
        guard written.count + found.count <= limits.rows, events.count <= limits.events else {
            throw .tooMuch("\(events.count) events with \(written.count) rows")
        }
    }

    /// A place among what is due from `moment` (**milliseconds** since 1970) on; each is behind the last.
    mutating func stamp(at moment: Int64) -> UInt64 {
        defer { stamps += 1 }
        return UInt64(clamping: moment) << 12 | (stamps & 0xFFF)
    }

    mutating func add(_ event: Event) { events.append(event) }

    // MARK: Rows

    mutating func read<Value>(_ place: RowPlace<Value>) throws(BridgeStoreError) -> Value? {
        guard let row = try value(place.table, place.key) else { return nil }
        return try RowCodec.decode(row, as: Value.self)
    }

    mutating func write<Value>(_ place: RowPlace<Value>, _ value: Value) throws(BridgeStoreError) {
        let row = try RowCodec.encode(value)
        guard row.count <= limits.rowBytes else { throw .tooMuch("a row of \(row.count) bytes") }
        try put(place.table, place.key, row)
    }

    mutating func remove<Value>(_ place: RowPlace<Value>) throws(BridgeStoreError) {
        try put(place.table, place.key, nil)
    }

    /// A row that says all by its key.
    mutating func mark(_ table: SideTable, _ key: RowKey) throws(BridgeStoreError) {
        try put(table, key, [1])
    }
    mutating func unmark(_ table: SideTable, _ key: RowKey) throws(BridgeStoreError) {
        try put(table, key, nil)
    }

    mutating func value(_ table: SideTable, _ key: RowKey) throws(BridgeStoreError) -> [UInt8]? {
        let slot = Slot(table: table, key: key.bytes)
        if let value = written[slot] { return value }
        if let value = found[slot] { return value }
        let value = try readingStore { () throws(StoreError) in try store.side(table, key: key.bytes) }
        found[slot] = .some(value)
        return value
    }

    mutating func put(_ table: SideTable, _ key: RowKey, _ value: [UInt8]?) throws(BridgeStoreError) {
        guard key.isLegal else { throw .tooMuch("a key of \(key.bytes.count) bytes") }
        written[Slot(table: table, key: key.bytes)] = .some(value)
    }

    /// Keys that begin so, as they are in the store: no conditions, and nothing of what is written here.
    func keys(_ table: SideTable, _ prefix: RowKey, limit: Int) throws(BridgeStoreError) -> [[UInt8]] {
        try readingStore { () throws(StoreError) in
            try store.sideRows(table, prefix: prefix.bytes, limit: limit)
        }.map(\.key)
    }

    func event(_ id: EventID) throws(BridgeStoreError) -> Event? {
        try readingStore { () throws(StoreError) in try store.event(id) }
    }
}

/// What the store says when it cannot be read.
func readingStore<Result>(_ read: () throws(StoreError) -> Result) throws(BridgeStoreError) -> Result {
    do { return try read() } catch { throw .failed(error.description) }
}
