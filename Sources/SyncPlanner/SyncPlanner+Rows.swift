// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Rows that wait to be written, the newest of each key: a short while, so that many share one commit.
struct RowBuffer: Hashable, Sendable {
    private var rows: [Key: SyncRow] = [:]
    private(set) var flushAt: Uptime?

    private struct Key: Hashable {
        let table: SyncRow.Table
        let key: [UInt8]
    }

    static let delay = Duration.seconds(1)

    mutating func put(_ row: SyncRow, at now: Uptime) {
        rows[Key(table: row.table, key: row.key)] = row
        flushAt = flushAt ?? now + Self.delay
    }

    /// All of them, in a fixed order: relays first, so that no cursor is ever without its relay.
    mutating func take() -> [SyncRow] {
        defer {
            rows = [:]
            flushAt = nil
        }
        return rows.values.sorted { a, b in
            a.table == b.table ? a.key.lexicographicallyPrecedes(b.key) : a.table == .relay
        }
    }
}

/// What an earlier run wrote down about a relay.
struct RestoredRelay: Hashable, Sendable {
    var row: RelayRow
    var cursors = ItemMap<Timestamp>()
}

extension SyncPlanner {
    mutating func restore(_ written: [SyncRow]) {
        var relayOfKey: [[UInt8]: RelayURL] = [:]
        for row in written where row.table == .relay {
            guard let relay = row.asRelay else {
                rows.put(SyncRow(table: .relay, key: row.key, value: nil), at: now)
                continue
            }
            relayOfKey[row.key] = relay.relay
            restored[relay.relay] = RestoredRelay(row: relay)
        }
        for row in written where row.table == .cursor {
            guard let cursor = row.asCursor, let relay = relayOfKey[Array(row.key.prefix(16))] else {
                // Damaged, or of a relay that is gone: what it covered is asked for again.
                rows.put(SyncRow(table: .cursor, key: row.key, value: nil), at: now)
                continue
            }
            restored[relay]?.cursors[items.number(cursor.item)] = cursor.coveredUntil
        }
    }

    /// Rows of relays that nobody names any more.
    mutating func forgetUnmetRelays() {
        for (relay, known) in restored.sorted(by: { $0.key < $1.key }) {
            for item in known.cursors.items {
                rows.put(.cursor(relay, items[item], coveredUntil: nil), at: now)
            }
            rows.put(.forgetting(relay), at: now)
        }
        restored = [:]
    }

    func relayRow(_ relay: RelayURL) -> SyncRow {
        let entry = relays.entries[relay]
        let notBefore = entry?.backoff.notBefore.flatMap { moment -> Timestamp? in
            let wait = (moment - now).components.seconds
            return wait > 0 ? wall.advanced(by: wait) : nil
        }
        return .relay(
            RelayRow(
                relay: relay, coveredUntil: entry?.coveredUntil, attempts: entry?.backoff.attempts ?? 0,
                notBefore: notBefore, failures: entry?.failures ?? FailureRecord(),
                lastAudit: entry?.lastAudit))
    }

    /// Moves the cursor of every relay where nothing is missing to the last moment of which all is stored.
    mutating func moveCursors() {
        for (relay, conversation) in conversations.sorted(by: { $0.key < $1.key }) {
            guard let entry = relays.entries[relay], !entry.cursors.isEmpty, entry.isCaughtUp else {
                continue
            }
            let stored = conversation.storedUntil
            guard entry.coveredUntil.map({ $0 < stored }) ?? true else { continue }
            relays.entries[relay]?.coveredUntil = stored
            rows.put(relayRow(relay), at: now)
        }
    }

    mutating func flushRows() {
        let rows = rows.take()
        if !rows.isEmpty { effects.append(.write(rows)) }
    }
}
