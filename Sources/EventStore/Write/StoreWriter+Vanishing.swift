// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

// Requests to vanish (NIP-62): hidden at once, removed in small steps, refused for ever.
extension StoreWriter {
    /// Takes everything of `pubkey` up to `time` out of every reader's sight, gift wraps to it among it, and
    /// refuses it for ever. Requests to vanish themselves stay.
    ///
    /// What was stored before this transaction is removed by ``sweepVanished(limit:)``.
    public mutating func vanish(_ pubkey: PublicKey, upTo time: Timestamp) throws(StoreError) {
        guard try markVanished(pubkey, upTo: time), let table = view.schema[.vanishing] else { return }
        let key = Tombstones(maker: view.maker).key(pubkey)
        try view.transaction.put(table, key.span, VanishingRow(upTo: time).row.span)
        // Followers must not be told of what this very transaction stored.
        for (serial, event) in stored where Self.reaches(event, pubkey, time) {
            try remove(serial, reason: .vanished)
        }
        somebodyVanished = true
    }

    private static func reaches(_ event: Event, _ pubkey: PublicKey, _ time: Timestamp) -> Bool {
        guard event.createdAt <= time, event.kind != .requestToVanish else { return false }
        if event.pubkey == pubkey { return true }
        return event.kind == .giftWrap
            && event.layout.recipients(in: event.json.span).contains(pubkey)
    }

    /// Whether an event is refused because its author, or whom a gift wrap is for, has vanished.
    public func hasVanished(_ event: Event) throws(StoreError) -> Bool {
        guard event.kind != .requestToVanish, let time = try vanishedUpTo(event) else { return false }
        return event.createdAt <= time
    }

    /// The latest request to vanish that bears on an event.
    func vanishedUpTo(_ event: Event) throws(StoreError) -> Timestamp? {
        guard hasTombstones.authors else { return nil }
        var latest = try vanishedUpTo(event.pubkey)
        guard event.kind == .giftWrap else { return latest }
        for recipient in event.layout.recipients(in: event.json.span) {
            guard let time = try vanishedUpTo(recipient) else { continue }
            latest = latest.map { max($0, time) } ?? time
        }
        return latest
    }

    private func vanishedUpTo(_ pubkey: PublicKey) throws(StoreError) -> Timestamp? {
        let transaction = view.transaction
        let key = Tombstones(maker: view.maker).key(pubkey)
        guard let row = try transaction.value(view.schema.goneAuthors, key.span) else { return nil }
        return try Tombstones.time(row)
    }

    /// Removes up to `limit` events that are hidden because somebody vanished.
    ///
    /// - Returns: whether there are more.
    public mutating func sweepVanished(limit: Int) throws(StoreError) -> Bool {
        guard let table = view.schema[.vanishing] else { return false }
        try view.flush()
        var room = limit
        while room > 0, let (key, row) = try firstVanishing(table) {
            var row = row
            let (serials, isDone) = try remains(of: key, &row, limit: room)
            for serial in serials {
                try remove(serial, reason: .vanished)
                if view.batch.count > IndexBatch.limit { try view.flush() }
            }
            // A key without any event takes its part of the step, too.
            room -= serials.count + 1
            let name = Tombstones(maker: view.maker).key(key)
            if isDone {
                try view.transaction.delete(table, name.span)
            } else {
                try view.transaction.put(table, name.span, row.row.span)
            }
        }
        let transaction = view.transaction
        return try transaction.rows(table) > 0
    }

    /// Whether a key has written anything that is stored, but for this transaction.
    func hasEvents(of pubkey: PublicKey) throws(StoreError) -> Bool {
        let transaction = view.transaction
        let author = Key(view.maker.author(pubkey))
        var cursor = try Cursor(transaction, view.schema[.authorKind])
        return try cursor.seek(author.span) && cursor.key.starts(with: author.span)
    }

    private func firstVanishing(_ table: Table) throws(StoreError) -> (PublicKey, VanishingRow)? {
        let transaction = view.transaction
        var cursor = try Cursor(transaction, table)
        guard try cursor.next() else { return nil }
        guard let bytes = Bytes32(cursor.key) else { throw .corrupt("a vanishing key of another length") }
        return (PublicKey(bytes), try VanishingRow(cursor.value))
    }

    /// Up to `limit` of the events that a vanished key still has, kind by kind, and then of the gift wraps to it.
    private func remains(
        of pubkey: PublicKey, _ row: inout VanishingRow, limit: Int
    ) throws(StoreError) -> (serials: [Serial], isDone: Bool) {
        let transaction = view.transaction
        let kinds = UInt32(UInt16.max) + 1
        var found: [Serial] = []
        let author = Key(view.maker.author(pubkey))
        var cursor = try Cursor(transaction, view.schema[.authorKind])
        while row.nextKind < kinds {
            var next = author
            next.append(UInt16(row.nextKind))
            guard try cursor.seek(next.span), cursor.key.starts(with: author.span) else {
                row.nextKind = kinds
                break
            }
            row.nextKind = UInt32(cursor.key.quarter(at: 8))
            let kind = Kind(UInt16(row.nextKind))
            if kind != .requestToVanish {
                var value = author
                value.append(kind.rawValue)
                try gather(&found, .authorKind, value, upTo: row.time, limit: limit) {
                    record throws(StoreError) in try record.pubkey() == pubkey
                }
                if found.count >= limit { return (found, false) }
            }
            row.nextKind += 1
        }
        var wraps = Key(view.maker.tag(UInt8(ascii: "p"), Array(pubkey.hex.utf8).span))
        wraps.append(Kind.giftWrap.rawValue)
        try gather(&found, .tagKind, wraps, upTo: row.time, limit: limit) { record throws(StoreError) in
            guard record.kind == .giftWrap else { return false }
            let text = try record.text()
            return record.layout.recipients(in: text.json).contains(pubkey)
        }
        return (found, found.count < limit)
    }

    /// Adds what an index with times holds for a value up to a moment.
    private func gather(
        _ found: inout [Serial], _ index: IndexTable, _ value: Key, upTo time: Timestamp, limit: Int,
        where isRight: (borrowing EventRecord) throws(StoreError) -> Bool
    ) throws(StoreError) {
        let transaction = view.transaction
        var start = value
        start.append(KeyMaker.invert(time))
        var cursor = try Cursor(transaction, view.schema[index])
        var isThere = try cursor.seek(start.span)
        while isThere, found.count < limit, cursor.key.starts(with: value.span) {
            let serial = Posting(endOf: cursor.key).serial
            if let record = try transaction.storedRecord(serial, view.schema), try isRight(record) {
                found.append(serial)
            }
            isThere = try cursor.next()
        }
    }
}
