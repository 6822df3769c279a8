// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Rows that wait to be written, the newest of each key: a short while, so that many share one commit.
struct RowBuffer: Hashable, Sendable {
    /// Of relays, and damaged ones that are deleted.
    private var rows: [SyncRow.Place: SyncRow] = [:]
    private var cursors: [RelayURL: ItemMap<Cursor>] = [:]
    private(set) var flushAt: Uptime?

    private enum Cursor: Hashable, Sendable {
        case coveredUntil(Timestamp, isBehind: Bool)
        case gone
    }

    static let delay = Duration.seconds(1)

    /// Whose cursors wait.
    var items: ItemSet { cursors.values.reduce(into: ItemSet()) { $0.formUnion($1.items) } }

    mutating func put(_ row: SyncRow, at now: Uptime) {
        rows[row.place] = row
        flushAt = flushAt ?? now + Self.delay
    }

    /// - Parameter coveredUntil: `nil` deletes the cursor.
    mutating func put(
        cursorOf item: ItemNumber, at relay: RelayURL, _ coveredUntil: Timestamp?, isBehind: Bool = false,
        at now: Uptime
    ) {
        let cursor = coveredUntil.map { Cursor.coveredUntil($0, isBehind: isBehind) }
        cursors[relay, default: ItemMap()][item] = cursor ?? .gone
        flushAt = flushAt ?? now + Self.delay
    }

    /// All of them, in a fixed order: relays last, as what one says of all its items is true of those alone whose
    /// cursors say nothing else.
    mutating func take(_ table: ItemTable) -> [SyncRow] {
        var taken: [SyncRow] = []
        for (relay, cursors) in cursors.sorted(by: { $0.key < $1.key }) {
            taken += SyncRow.cursors(
                of: relay,
                zip(cursors.items, cursors.values).map { number, cursor in
                    if case .coveredUntil(let moment, let isBehind) = cursor {
                        CursorRow(item: table[number], coveredUntil: moment, isBehind: isBehind)
                    } else {
                        CursorRow(item: table[number])
                    }
                })
        }
        taken += rows.values.sorted { a, b in
            a.table == b.table ? a.key.lexicographicallyPrecedes(b.key) : a.table == .cursor
        }
        self = RowBuffer()
        return taken
    }
}

/// What an earlier run wrote down about a relay.
struct RestoredRelay: Hashable, Sendable {
    var row: RelayRow
    var cursors = ItemMap<Timestamp>()
    var behind = ItemSet()
}

extension SyncPlanner {
    mutating func restore(_ written: [SyncRow]) {
        var relayOfKey: [[UInt8]: RelayURL] = [:]
        var followRules: SyncRow?
        for row in written where row.table == .relay {
            if row.key == SyncRow.followRulesKey {
                followRules = row
                continue
            }
            if row.key == NewRelayBudget.rowKey, let budget = NewRelayBudget(row) {
                // One of another day is worth nothing, and is written anew with the first new relay.
                newRelays = budget
                continue
            }
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
            let number = items.number(cursor.item)
            restored[relay]?.cursors[number] = cursor.coveredUntil
            if cursor.isBehind { restored[relay]?.behind.insert(number) }
        }
        compareFollowRules(with: followRules)
    }

    /// Rows of relays that nobody names any more.
    mutating func forgetUnmetRelays() {
        for (relay, known) in restored.sorted(by: { $0.key < $1.key }) {
            for item in known.cursors.items {
                rows.put(cursorOf: item, at: relay, nil, at: now)
            }
            rows.put(.forgetting(relay), at: now)
        }
        restored = [:]
    }

    func relayRow(_ relay: RelayURL) -> SyncRow {
        let entry = relays.entries[relay]
        let quietUntil = entry?.quietUntil.flatMap { $0 > now ? $0 : nil }
        let pauseEnd = [entry?.backoff.notBefore, quietUntil].compactMap(\.self).max()
        let notBefore = pauseEnd.flatMap { moment -> Timestamp? in
            let wait = (moment - now).components.seconds
            return wait > 0 ? wall.advanced(by: wait) : nil
        }
        var failures = entry?.failures ?? FailureRecord()
        if quietUntil != nil, failures.verdict == .healthy { failures.verdict = .rateLimited }
        return .relay(
            RelayRow(
                relay: relay, coveredUntil: entry?.coveredUntil, attempts: failedAttempts(of: relay),
                notBefore: notBefore, failures: failures, lastDial: entry?.lastDial,
                lastAudit: entry?.lastAudit, negentropy: entry?.negentropy ?? .unknown,
                lastFailure: entry?.lastFailure, information: entry?.information,
                informedAt: entry?.informedAt))
    }

    /// Moves the cursor of every relay to the last moment of which all is stored.
    ///
    /// What has not been complete for a while stays behind with a cursor of its own, so that it holds up
    /// nothing else.
    mutating func moveCursors() {
        for (relay, conversation) in conversations.sorted(by: { $0.key < $1.key }) {
            guard var entry = relays.entries[relay], !entry.cursors.isEmpty else { continue }
            let laggards = entry.laggards
            if !laggards.isEmpty {
                guard now - conversation.startedAt >= configuration.quickReconnectWindow / 2 else { continue }
                for item in laggards {
                    let covered = entry.covered(item)
                    entry.cursors[item] = covered
                    rows.put(cursorOf: item, at: relay, covered, isBehind: true, at: now)
                }
                entry.behind.formUnion(laggards)
            }
            let stored = conversation.storedUntil
            let isNews = entry.coveredUntil.map { $0 < stored } ?? true
            if isNews { entry.coveredUntil = stored }
            relays.entries[relay] = entry
            if isNews { rows.put(relayRow(relay), at: now) }
        }
    }

    mutating func flushRows() {
        let rows = rows.take(items)
        if !rows.isEmpty { effects.append(.write(rows)) }
    }
}
