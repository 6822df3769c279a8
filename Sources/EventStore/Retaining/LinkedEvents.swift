// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// The stored events that hang together with events of some kinds: what they name, what names them, and so on.
///
/// Found step by step, holding no transaction in between; a bit an event is all that is remembered. Once
/// everything was read, further steps take in what was stored since.
public struct LinkedEvents: Sendable {
    /// Events of these kinds are linked in any case.
    private let roots: [Kind]
    /// Events of these kinds may be linked, and link nothing.
    private let ends: [Kind]
    private var linked = NumberSet()
    /// Linked, and what they link is still to be found.
    private var open = NumberSet()
    private var place: UInt64 = 0
    private var lastRoot: [UInt8]?
    /// Kinds of which all are linked.
    private var rootsRead = 0
    private var hasRoots = false
    /// What is numbered below this was looked at.
    private var next: UInt64?

    public init(roots: [Kind], ends: [Kind]) {
        self.roots = roots
        self.ends = ends
    }

    /// Whether an event is linked, as far as was read.
    public func contains(_ number: UInt64) -> Bool { linked.contains(number) }
    /// How many are, as far as was read.
    public var count: Int { linked.count }
    /// Events numbered from here on are not known yet.
    public var ceiling: UInt64 { next ?? 0 }

    /// Looks at about so many events.
    ///
    /// - Returns: whether there is more to be found.
    public mutating func readPage(of store: EventStore, events: Int) throws(StoreError) -> Bool {
        let snapshot = try ReadTransaction(store.environment)
        let state = try snapshot.state(store.schema)
        next = next ?? state.nextSerial.rawValue
        var room = events
        while room > 0 {
            if !hasRoots {
                room -= try readRoots(snapshot, store.schema, room)
            } else if let number = open.takeNext(from: place) {
                place = number
                room -= try follow(Serial(rawValue: number), snapshot, store)
            } else if let news = next, news < state.nextSerial.rawValue {
                next = news + 1
                room -= try take(Serial(rawValue: news), snapshot, store)
            } else {
                return false
            }
        }
        return true
    }

    private mutating func link(_ serial: Serial) {
        if linked.insert(serial.rawValue) { _ = open.insert(serial.rawValue) }
    }

    private mutating func readRoots(
        _ snapshot: borrowing ReadTransaction, _ schema: StoreSchema, _ limit: Int
    ) throws(StoreError) -> Int {
        guard rootsRead < roots.count else {
            hasRoots = true
            return 1
        }
        let prefix = IndexValue(kind: roots[rootsRead].rawValue).key(in: .kind)
        var cursor = try Cursor(snapshot, schema[.kind])
        let start = lastRoot.map { $0 + [0] } ?? prefix.array
        var isThere = try cursor.seek(start.span)
        var count = 0
        while isThere, count < limit, cursor.key.starts(with: prefix.span) {
            link(Posting(endOf: cursor.key).serial)
            lastRoot = cursor.key.withUnsafeBufferPointer { Array($0) }
            count += 1
            isThere = try cursor.next()
        }
        if count < limit { (rootsRead, lastRoot) = (rootsRead + 1, nil) }
        return max(count, 1)
    }

    /// Links everything beside a linked event; says what that cost.
    private mutating func follow(
        _ serial: Serial, _ snapshot: borrowing ReadTransaction, _ store: EventStore
    ) throws(StoreError) -> Int {
        guard let record = try snapshot.record(serial, store.schema), !ends.contains(record.kind) else {
            return 1
        }
        let event = try record.event()
        var cost = 1
        for neighbour in try Links(event).neighbours(snapshot, store) {
            link(neighbour)
            cost += 1
        }
        return cost
    }

    /// Looks at an event that was stored since.
    private mutating func take(
        _ serial: Serial, _ snapshot: borrowing ReadTransaction, _ store: EventStore
    ) throws(StoreError) -> Int {
        guard let record = try snapshot.record(serial, store.schema) else { return 1 }
        let event = try record.event()
        if roots.contains(event.kind) {
            link(serial)
            return 1
        }
        let neighbours = try Links(event).neighbours(snapshot, store)
        for neighbour in neighbours where linked.contains(neighbour.rawValue) {
            guard let record = try snapshot.record(neighbour, store.schema), !ends.contains(record.kind)
            else { continue }
            link(serial)
            break
        }
        return 1 + neighbours.count
    }
}

extension Key {
    /// The bytes as an array.
    fileprivate var array: [UInt8] { span.withUnsafeBufferPointer { Array($0) } }
}
