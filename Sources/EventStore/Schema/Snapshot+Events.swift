// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

extension Snapshot where Self: ~Copyable {
    /// The record of a serial, unless it was removed.
    @_lifetime(borrow self)
    func record(_ serial: Serial, _ schema: StoreSchema) throws(StoreError) -> EventRecord? {
        guard let row = try value(schema.event, Key(serial: serial).span) else { return nil }
        return try EventRecord(row)
    }

    /// The serials that an index without times holds for a prefix; usually one, or none.
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

    /// The serial of a stored id.
    func serial(of id: EventID, _ schema: StoreSchema, _ maker: KeyMaker) throws(StoreError) -> Serial? {
        for serial in try serials(maker.id(id), .id, schema) {
            if let record = try record(serial, schema), try record.id() == id { return serial }
        }
        return nil
    }

    /// The serial of the event at an address.
    func serial(at address: EventAddress, _ schema: StoreSchema, _ maker: KeyMaker) throws(StoreError)
        -> Serial?
    {
        for serial in try serials(maker.address(address), .address, schema) {
            if let record = try record(serial, schema), try record.lives(at: address) { return serial }
        }
        return nil
    }

    /// Whether a stored event of a kind not among `ignored` has a tag of one of the letters with this value.
    func isNamed(
        _ value: TagValue, by letters: [UInt8], ignoring ignored: [Kind], _ schema: StoreSchema,
        _ maker: KeyMaker
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
                if let record = try record(Posting(endOf: cursor.key).serial, schema),
                    EventKeys.hasTag(letter, value, record.layout, record.json)
                {
                    return true
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
        return kind.isAddressable
            ? EventKeys.identifier(layout, json) == address.identifier : address.identifier.isEmpty
    }
}
