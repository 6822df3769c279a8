// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// Tables whose rows follow from others.
extension IntegrityWalk {
    mutating func walkDerived(_ snapshot: borrowing ReadTransaction) throws(StoreError) {
        for derived in DerivedTable.allCases {
            guard let table = context.schema[derived] else { continue }
            switch derived {
            case .search:
                try walkWords(table, snapshot)
                continue
            case .tree:
                try walkTrees(table, snapshot)
                continue
            case .group:
                try walkGroups(table, snapshot)
                continue
            case .vanishing, .sketch: break
            }
            var cursor = try Cursor(snapshot, table)
            var isThere = try cursor.next()
            while isThere {
                report.entries[derived.name, default: 0] += 1
                do throws(StoreError) {
                    switch derived {
                    case .vanishing: try checkVanishing(cursor.key, cursor.value, snapshot)
                    case .sketch: try checkSketch(cursor.key, cursor.value)
                    case .search, .tree, .group: break
                    }
                } catch {
                    report.add("\(derived.name): \(error)")
                }
                isThere = try cursor.next()
            }
        }
    }

    /// Whoever is vanishing has asked for it.
    private func checkVanishing(
        _ key: Span<UInt8>, _ value: Span<UInt8>, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) {
        let row = try VanishingRow(value)
        guard let asked = try snapshot.value(context.schema.goneAuthors, key),
            try Tombstones.time(asked) >= row.time
        else { throw .corrupt("a key that has not asked for it") }
    }

    /// Every sketch can be read.
    private func checkSketch(_ key: Span<UInt8>, _ value: Span<UInt8>) throws(StoreError) {
        if key.count != 18 || value.isEmpty { throw .corrupt("a row of another length") }
        _ = try SketchRow(value)
    }

    /// Whether an event does not count for what it should.
    func lacksSketch(
        _ header: EventHeader, _ json: Span<UInt8>, _ serial: Serial, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) -> Bool {
        guard CountedQuery.counts(header.kind), let table = context.schema[.sketch],
            try snapshot.buildState(.sketch, context.schema).covers(serial)
        else { return false }
        var entries: [SketchEntry] = []
        SketchBatch.forEachEntry(of: header, json: json) { entries.append($0) }
        for entry in entries {
            guard let row = try snapshot.value(table, entry.key.span),
                try SketchRow(row).sketch.registers[Int(entry.index)] >= entry.value
            else { return true }
        }
        return false
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
        guard event.kind == .giftWrap else { return nil }
        for recipient in event.layout.recipients(in: event.json.span)
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
