// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What an event names, and by what it can be named: ids in `e`, `E` and `q` tags, addresses in `a`, `A` and `q` tags.
struct Links {
    private var ids: Set<EventID> = []
    private var addresses: Set<EventAddress> = []
    private let own: (id: EventID, address: EventAddress?)

    init(_ event: Event) {
        let json = event.json.span
        var tags = TagScanner(event.layout)
        while let tag = tags.next(in: json) {
            guard let letter = tag.letter(in: json), Reference.letters.contains(letter),
                let value = tag.value(in: json)
            else { continue }
            if Reference.idLetters.contains(letter), let id = Hex.decode32(value.bytes.span) {
                ids.insert(EventID(id))
            } else if Reference.addressLetters.contains(letter), let address = EventAddress(value) {
                addresses.insert(address)
            }
        }
        var address: EventAddress?
        if event.kind.isAddressable {
            address = EventAddress(kind: event.kind, pubkey: event.pubkey, identifier: event.identifier)
        } else if event.kind.isReplaceable {
            address = EventAddress(kind: event.kind, pubkey: event.pubkey, identifier: "")
        }
        own = (event.id, address)
    }

    /// The stored events that are named or name this one; a few too many where hashes agree.
    ///
    /// - Parameter most: how many are looked at; there may be more when as many are found.
    func neighbours(
        _ snapshot: borrowing some Snapshot & ~Copyable, _ store: EventStore, most: Int = .max
    ) throws(StoreError) -> [Serial] {
        var found: [Serial] = []
        for id in ids {
            if let serial = try snapshot.serial(of: id, store.schema, store.maker) { found.append(serial) }
        }
        for address in addresses {
            if let serial = try snapshot.serial(at: address, store.schema, store.maker) {
                found.append(serial)
            }
        }
        for letter in Reference.idLetters {
            try append(TagValue(own.id.hex), letter, to: &found, most, snapshot, store)
        }
        if let address = own.address {
            for letter in Reference.addressLetters {
                try append(address.text, letter, to: &found, most, snapshot, store)
            }
        }
        return found
    }

    private func append(
        _ value: TagValue, _ letter: UInt8, to found: inout [Serial], _ most: Int,
        _ snapshot: borrowing some Snapshot & ~Copyable, _ store: EventStore
    ) throws(StoreError) {
        let prefix = Key(store.maker.tag(letter, value.bytes.span))
        var cursor = try Cursor(snapshot, store.schema[.tag])
        var isThere = try cursor.seek(prefix.span)
        while isThere, found.count < most, cursor.key.starts(with: prefix.span) {
            found.append(Posting(endOf: cursor.key).serial)
            isThere = try cursor.next()
        }
    }
}
