// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The tables that lead from a filter's values to events.
///
/// A key is made of up to five parts, always in this order; what a table leaves out is not there:
///
///     prefix 8 ‖ kind 2 ‖ inverted created_at 8 ‖ id prefix 4 ‖ serial 6
enum IndexTable: Int, CaseIterable, Sendable {
    case id, created, kind, author, authorKind, tag, tagKind, address, expiry
    /// Of ``DerivedTable/search``: there only where it is asked for.
    case word

    /// Those that every store has.
    static let allCases: [IndexTable] = [
        .id, .created, .kind, .author, .authorKind, .tag, .tagKind, .address, .expiry,
    ]
    /// How many there are in all.
    static let count = allCases.count + 1

    /// The table's name in the file.
    var name: String {
        switch self {
        case .id: "id"
        case .created: "created"
        case .kind: "kind"
        case .author: "author"
        case .authorKind: "author_kind"
        case .tag: "tag"
        case .tagKind: "tag_kind"
        case .address: "address"
        case .expiry: "expiry"
        case .word: "word"
        }
    }

    /// Whether keys begin with eight bytes of an id, a key, a hash or a moment.
    var hasPrefix: Bool { self != .created && self != .kind }

    /// Whether the kind is part of the key.
    var hasKind: Bool { self == .kind || self == .authorKind || self == .tagKind }

    /// Whether entries of one value are sorted newest first, ties by id.
    var hasTime: Bool { self != .id && self != .address && self != .expiry }

    /// **Bytes** of a key.
    var keyBytes: Int { valueBytes + (hasTime ? 12 : 0) + Serial.bytes }

    /// **Bytes** of a key's parts before the time.
    var valueBytes: Int { (hasPrefix ? 8 : 0) + (hasKind ? 2 : 0) }
}

/// One value of an index: where a stream of entries lies.
struct IndexValue: Hashable, Sendable {
    var prefix: UInt64 = 0
    var kind: UInt16 = 0
}

/// Where an event stands among the entries of one value: newest first, lowest id first among equals.
struct Posting: Hashable, Comparable, Sendable {
    /// `UInt64.max` − created_at.
    var invertedTime: UInt64
    var idPrefix: UInt32
    var serial: Serial

    @inline(__always)
    static func < (a: Posting, b: Posting) -> Bool {
        if a.invertedTime != b.invertedTime { return a.invertedTime < b.invertedTime }
        if a.idPrefix != b.idPrefix { return a.idPrefix < b.idPrefix }
        return a.serial < b.serial
    }

    /// Whether only the full ids can tell which of two comes first.
    @inline(__always)
    func ties(with other: Posting) -> Bool {
        invertedTime == other.invertedTime && idPrefix == other.idPrefix
    }
}

/// One key of an index table.
struct IndexEntry: Hashable, Comparable, Sendable {
    var value: IndexValue
    var posting: Posting

    @inline(__always)
    static func < (a: IndexEntry, b: IndexEntry) -> Bool {
        if a.value.prefix != b.value.prefix { return a.value.prefix < b.value.prefix }
        if a.value.kind != b.value.kind { return a.value.kind < b.value.kind }
        return a.posting < b.posting
    }
}

extension IndexEntry {
    /// The key bytes in a table.
    @inline(__always)
    func key(in table: IndexTable) -> Key {
        var key = value.key(in: table)
        if table.hasTime {
            key.append(posting.invertedTime)
            key.append(posting.idPrefix)
        }
        key.append(serial: posting.serial)
        return key
    }
}

extension IndexValue {
    /// The bytes that all keys of this value begin with.
    @inline(__always)
    func key(in table: IndexTable) -> Key {
        var key = Key()
        if table.hasPrefix { key.append(prefix) }
        if table.hasKind { key.append(kind) }
        return key
    }

    /// The value that a key of the table begins with.
    @inline(__always)
    init(of key: Span<UInt8>, in table: IndexTable) {
        if table.hasPrefix { prefix = key.word(at: 0) }
        if table.hasKind { kind = key.quarter(at: table.hasPrefix ? 8 : 0) }
    }
}

extension Posting {
    /// The posting that a key of a table with times ends with.
    @inline(__always)
    init(endOf key: Span<UInt8>) {
        let start = key.count - 18
        invertedTime = key.word(at: start)
        idPrefix = key.half(at: start + 8)
        serial = key.serial(at: start + 12)
    }
}
