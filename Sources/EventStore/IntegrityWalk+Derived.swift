// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// Tables whose rows follow from others.
extension IntegrityWalk {
    mutating func walkDerived(_ snapshot: borrowing ReadTransaction) throws(StoreError) {
        for derived in DerivedTable.allCases {
            guard let table = context.schema[derived] else { continue }
            switch derived {
            case .vanishing: try walkVanishing(table, snapshot)
            }
        }
    }

    /// Whoever is vanishing has asked for it.
    private mutating func walkVanishing(
        _ table: Table, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) {
        var cursor = try Cursor(snapshot, table)
        var isThere = try cursor.next()
        while isThere {
            report.entries[DerivedTable.vanishing.name, default: 0] += 1
            do throws(StoreError) {
                let row = try VanishingRow(cursor.value)
                guard let asked = try snapshot.value(context.schema.goneAuthors, cursor.key),
                    try Tombstones.time(asked) >= row.time
                else { throw .corrupt("a key that has not asked for it") }
            } catch {
                report.add("vanishing: \(error)")
            }
            isThere = try cursor.next()
        }
    }

    /// Why an event should not be there though it is: its author vanished, or whom a gift wrap is for.
    func reasonToBeGone(
        _ event: Event, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) -> String? {
        guard event.kind != .requestToVanish, try snapshot.rows(context.schema.goneAuthors) > 0 else {
            return nil
        }
        if try vanished(event.pubkey, event.createdAt, snapshot) {
            return "its author has vanished and it is still there"
        }
        guard event.kind == WriteRules.giftWrap else { return nil }
        for recipient in StoreWriter.recipients(event.layout, event.json.span)
        where try vanished(recipient, event.createdAt, snapshot) {
            return "whom it is for has vanished and it is still there"
        }
        return nil
    }

    private func vanished(
        _ pubkey: PublicKey, _ createdAt: Timestamp, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) -> Bool {
        let key = Tombstones(maker: context.maker).key(pubkey)
        guard let row = try snapshot.value(context.schema.goneAuthors, key.span) else { return false }
        return try Tombstones.time(row) >= createdAt
    }
}
