// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

extension Snapshot where Self: ~Copyable {
    /// The record of a serial, unless it was removed or is hidden: what every reader goes through.
    @_lifetime(borrow self)
    func record(_ serial: Serial, _ schema: StoreSchema) throws(StoreError) -> EventRecord? {
        guard let record = try storedRecord(serial, schema) else { return nil }
        return try hides(record, schema) ? nil : record
    }

    /// The same, hidden or not: for those who remove and those who check.
    @_lifetime(borrow self)
    func storedRecord(_ serial: Serial, _ schema: StoreSchema) throws(StoreError) -> EventRecord? {
        guard let row = try value(schema.event, Key(serial: serial).span) else { return nil }
        return try EventRecord(row)
    }

    /// The serials that an index without times holds for a prefix.
    func serials(_ prefix: UInt64, _ table: IndexTable, _ schema: StoreSchema) throws(StoreError) -> [Serial]
    {
        var found: [Serial] = []
        let start = Key(prefix)
        var cursor = try Cursor(self, schema[table])
        var isThere = try cursor.seek(start.span)
        while isThere, cursor.key.starts(with: start.span) {
            found.append(cursor.key.serial(at: 8))
            isThere = try cursor.next()
        }
        return found
    }

    /// The first serial that an index without times holds for a prefix and whose record is the right one;
    /// there is usually one, or none.
    private func serial(
        _ prefix: UInt64, _ table: IndexTable, _ schema: StoreSchema,
        where isRight: (borrowing EventRecord) throws(StoreError) -> Bool
    ) throws(StoreError) -> Serial? {
        let start = Key(prefix)
        var cursor = try Cursor(self, schema[table])
        var isThere = try cursor.seek(start.span)
        while isThere, cursor.key.starts(with: start.span) {
            let serial = cursor.key.serial(at: 8)
            if let record = try record(serial, schema), try isRight(record) { return serial }
            isThere = try cursor.next()
        }
        return nil
    }

    /// The serial of a stored id.
    func serial(of id: EventID, _ schema: StoreSchema, _ maker: KeyMaker) throws(StoreError) -> Serial? {
        try serial(maker.id(id), .id, schema) { record throws(StoreError) in try record.id() == id }
    }

    /// The serial of the event at an address.
    func serial(at address: EventAddress, _ schema: StoreSchema, _ maker: KeyMaker) throws(StoreError)
        -> Serial?
    {
        try serial(maker.address(address), .address, schema) { record throws(StoreError) in
            try record.lives(at: address)
        }
    }

    /// Whether an id is stored, and still served.
    func known(
        _ id: EventID, _ schema: StoreSchema, _ maker: KeyMaker, now: Timestamp
    ) throws(StoreError) -> KnownState {
        var state = KnownState.unknown
        _ = try serial(maker.id(id), .id, schema) { record throws(StoreError) in
            guard try record.id() == id else { return false }
            state = record.hasExpired(at: now) ? .expired : .stored
            return true
        }
        return state
    }

    /// Whether a stored event of a kind not among `ignored` has a tag of one of the letters with this value.
    ///
    /// - Parameter room: how many of its tags that name others are looked at.
    func isNamed(
        _ value: TagValue, by letters: [UInt8], ignoring ignored: [Kind], within room: Int,
        _ schema: StoreSchema, _ maker: KeyMaker
    ) throws(StoreError) -> Bool {
        var cursor = try Cursor(self, schema[.tagKind])
        for letter in letters {
            let prefix = Key(maker.tag(letter, value.bytes.span))
            var isThere = try cursor.seek(prefix.span)
            while isThere, cursor.key.starts(with: prefix.span) {
                let kind = cursor.key.quarter(at: 8)
                if ignored.contains(Kind(kind)) {
                    // Over all entries of that kind at once.
                    guard kind < .max else { break }
                    var next = prefix
                    next.append(kind + 1)
                    isThere = try cursor.seek(next.span)
                    continue
                }
                if let record = try record(Posting(endOf: cursor.key).serial, schema) {
                    let text = try record.text()
                    if EventKeys.hasTag(letter, value, record.layout, text.json, within: room) { return true }
                }
                isThere = try cursor.next()
            }
        }
        return false
    }
}

extension EventRecord {
    func lives(at address: EventAddress) throws(StoreError) -> Bool {
        guard kind == address.kind, try pubkey() == address.pubkey else { return false }
        guard kind.isAddressable else { return address.identifier.isEmpty }
        let text = try text()
        return layout.identifier(in: text.json) == address.identifier
    }
}
