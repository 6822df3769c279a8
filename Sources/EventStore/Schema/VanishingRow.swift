// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// How far the events of a key that asked to vanish (NIP-62) are removed. While the row is there, what is
/// left of them is hidden from every reader.
///
///     pubkey 32 → time 8 ‖ next kind 4
struct VanishingRow: Hashable, Sendable {
    /// Up to here everything goes.
    var time: Timestamp
    /// Events of lower kinds are removed; above the highest, gift wraps to the key are next.
    var nextKind: UInt32 = 0

    static let bytes = 12

    init(upTo time: Timestamp) { self.time = time }

    init(_ row: Span<UInt8>) throws(StoreError) {
        guard row.count == Self.bytes else { throw .corrupt("a vanishing key's row of \(row.count) bytes") }
        time = Timestamp(Int64(clamping: row.word(at: 0)))
        nextKind = row.half(at: 8)
    }

    var row: Key {
        var row = Key()
        row.append(UInt64(bitPattern: time.seconds))
        row.append(nextKind)
        return row
    }
}

extension Snapshot where Self: ~Copyable {
    /// Whether some key's events are hidden and not all removed yet.
    @inline(__always)
    func isVanishing(_ schema: StoreSchema) throws(StoreError) -> Bool {
        guard let table = schema[.vanishing] else { return false }
        return try rows(table) > 0
    }

    /// Whether a stored event is of a key that vanished, or a gift wrap to one, and is only waiting to be removed.
    func hides(_ record: borrowing EventRecord, _ schema: StoreSchema) throws(StoreError) -> Bool {
        guard try isVanishing(schema), let table = schema[.vanishing], record.kind != .requestToVanish else {
            return false
        }
        if try isHidden(record.pubkey(), record.createdAt, table) { return true }
        guard record.kind == .giftWrap else { return false }
        let text = try record.text()
        for recipient in record.layout.recipients(in: text.json) {
            if try isHidden(recipient, record.createdAt, table) { return true }
        }
        return false
    }

    private func isHidden(
        _ pubkey: PublicKey, _ createdAt: Timestamp, _ table: Table
    ) throws(StoreError) -> Bool {
        var key = Key()
        key.append(pubkey.bytes)
        guard let row = try value(table, key.span) else { return false }
        return try createdAt <= VanishingRow(row).time
    }
}
