// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
public import NostrCore

/// An event that is to be sent to a further relay, with the bytes that everybody gets.
public struct OutboundEvent: Hashable, Sendable {
    public let event: Event
    /// How often it was sent, this time included.
    public let attempts: Int
}

/// What a further relay made of an event.
public enum DeliveryOutcome: Hashable, Sendable {
    case accepted
    case rejected(String)
    /// It does not take events of that age.
    case old(String)
    /// To be sent again, no sooner than at this moment (**milliseconds** since 1970).
    case again(Int64, String)
    /// It was not sent after all.
    case unsent(Int64)
}

extension BridgeStore {
    /// Every further relay that was ever sent to, by number.
    public func relays() throws(BridgeStoreError) -> [RelayRow] {
        try values(BridgeTables.outbox, RowKey("n"), limit: limits.relays, as: RelayRow.self)
    }

    /// How far an event is, at each relay by its number.
    public func deliveries(of id: EventID) throws(BridgeStoreError) -> [UInt32: DeliveryRow] {
        var found: [UInt32: DeliveryRow] = [:]
        for row in try rows(BridgeTables.outbox, RowKey("s").with(id), limit: limits.relays) {
            var reader = KeyReader(row.key, skipping: 33)
            guard let relay = reader.short() else { continue }
            found[relay] = try RowCodec.decode(row.value, as: DeliveryRow.self)
        }
        return found
    }

    /// Events that one relay was or is to be sent, by id, those behind `after`: a slow look at everything, for tools.
    public func deliveries(
        to relay: UInt32, after: EventID? = nil, limit: Int
    ) throws(BridgeStoreError) -> [(EventID, DeliveryRow)] {
        var found: [(EventID, DeliveryRow)] = []
        var start = after.map { RowKey("s").with($0).behind }
        while found.count < limit {
            let rows = try rows(BridgeTables.outbox, RowKey("s"), after: start, limit: limits.page)
            guard let last = rows.last else { break }
            for row in rows {
                var reader = KeyReader(row.key)
                guard let id = reader.event(), reader.short() == relay, found.count < limit else { continue }
                found.append((id, try RowCodec.decode(row.value, as: DeliveryRow.self)))
            }
            start = last.key
        }
        return found
    }

    /// When something is to be sent to a relay next: **milliseconds** since 1970.
    public func nextDelivery(to relay: UInt32) throws(BridgeStoreError) -> Int64? {
        guard let row = try rows(BridgeTables.outbox, RowKey("d").with(relay), limit: 1).first else {
            return nil
        }
        var reader = KeyReader(row.key, skipping: 5)
        return reader.number().map { Int64($0 >> 12) }
    }

    /// How many events wait for a relay, counted up to a limit.
    public func waiting(for relay: UInt32, limit: Int = 1_000) throws(BridgeStoreError) -> Int {
        try rows(BridgeTables.outbox, RowKey("d").with(relay), limit: limit).count
    }

    /// Takes events to be sent to a relay, in their order, and writes down that they may have been sent.
    ///
    /// One that is not settled within `patience` (**milliseconds**) is due again. One that our own relay does not hold any more is not sent.
    public func claim(
        for relay: UInt32, limit: Int, patience: Int64
    ) async throws(BridgeStoreError) -> [OutboundEvent] {
        try await change { draft throws(BridgeStoreError) in
            var claimed: [OutboundEvent] = []
            for key in try draft.keys(BridgeTables.outbox, RowKey("d").with(relay), limit: limit) {
                var reader = KeyReader(key, skipping: 5)
                guard let stamp = reader.number(), Int64(stamp >> 12) <= draft.now, let id = reader.event()
                else { break }
                guard var row = try draft.read(.delivery(id, relay)), row.stamp == stamp, row.isDue else {
                    try draft.unmark(BridgeTables.outbox, RowKey(bytes: key))
                    continue
                }
                guard let event = try draft.event(id) else {
                    try draft.settle(id, relay, &row, .withdrawn, "our own relay does not hold it any more")
                    continue
                }
                row.attempts += 1
                row.state = .sending
                try draft.move(id, relay, &row, to: draft.now + patience)
                claimed.append(OutboundEvent(event: event, attempts: row.attempts))
            }
            return claimed
        }
    }

    /// Has events that were taken and not settled sent at once, some at a time. Only for who knows that nobody is sending them:
    /// at the start.
    public func reclaim(for relay: UInt32) async throws(BridgeStoreError) {
        let prefix = RowKey("d").with(relay)
        var last: [UInt8]?
        while true {
            let keys = try rows(BridgeTables.outbox, prefix, after: last, limit: 500).map(\.key)
            guard let end = keys.last else { return }
            last = end
            try await change { draft throws(BridgeStoreError) in
                for key in keys {
                    var reader = KeyReader(key, skipping: 13)
                    guard let id = reader.event(), var row = try draft.read(.delivery(id, relay)) else {
                        continue
                    }
                    guard row.state == .sending else { continue }
                    row.state = .pending
                    // Before everything else: it was its turn.
                    try draft.move(id, relay, &row, to: 0)
                }
            }
        }
    }

    /// Sends a relay nothing more of what is due, some at a time: it is not posted to any more.
    ///
    /// - Returns: how many; fewer than `limit`: there are no more.
    public func abandon(_ relay: UInt32, limit: Int = 500) async throws(BridgeStoreError) -> Int {
        try await change { draft throws(BridgeStoreError) in
            let keys = try draft.keys(BridgeTables.outbox, RowKey("d").with(relay), limit: limit)
            for key in keys {
                var reader = KeyReader(key, skipping: 13)
                guard let id = reader.event(), var row = try draft.read(.delivery(id, relay)), row.isDue
                else {
                    try draft.unmark(BridgeTables.outbox, RowKey(bytes: key))
                    continue
                }
                try draft.settle(id, relay, &row, .withdrawn, "the relay is not posted to any more")
            }
            return keys.count
        }
    }

    /// Writes down what a relay made of events.
    public func settle(
        _ outcomes: [EventID: DeliveryOutcome], at relay: UInt32
    ) async throws(BridgeStoreError) {
        try await change { draft throws(BridgeStoreError) in
            for (id, outcome) in outcomes {
                guard var row = try draft.read(.delivery(id, relay)), row.isDue else { continue }
                switch outcome {
                case .accepted: try draft.settle(id, relay, &row, .accepted, nil)
                case .rejected(let why): try draft.settle(id, relay, &row, .rejected, why)
                case .old(let why): try draft.settle(id, relay, &row, .old, why)
                case .again(let moment, let why):
                    row.state = .pending
                    row.reason = String(why.prefix(200))
                    try draft.move(id, relay, &row, to: moment)
                case .unsent(let moment):
                    row.state = .pending
                    row.attempts -= 1
                    try draft.move(id, relay, &row, to: moment)
                }
            }
        }
    }
}

extension DeliveryRow {
    fileprivate var isDue: Bool { state == .pending || state == .sending }
}

extension Draft {
    /// The number of a relay; a new one gets the next.
    mutating func number(of relay: RelayURL, _ limits: BridgeStoreLimits) throws(BridgeStoreError) -> UInt32 {
        if let known = try read(.relay(relay)) { return known.number }
        var number: UInt32 = 0
        if let last = try keys(BridgeTables.outbox, RowKey("n"), limit: limits.relays).last {
            var reader = KeyReader(last)
            number = (reader.short() ?? 0) + 1
        }
        // Those of this very change are not in the store yet.
        while try read(.relay(number)) != nil { number += 1 }
        guard number < limits.relays else { throw .tooMuch("\(number) relays") }
        let row = RelayRow(number: number, url: relay.text)
        try write(.relay(relay), row)
        try write(.relay(number), row)
        return number
    }

    /// An event is to be sent to a relay, unless that was so before.
    mutating func enqueue(_ id: EventID, to relay: UInt32) throws(BridgeStoreError) {
        guard try read(.delivery(id, relay)) == nil else { return }
        let stamp = stamp(at: now)
        try write(.delivery(id, relay), DeliveryRow(state: .pending, stamp: stamp, updatedAt: now))
        try mark(BridgeTables.outbox, RowKey("d").with(relay).with(stamp).with(id))
    }

    fileprivate mutating func move(
        _ id: EventID, _ relay: UInt32, _ row: inout DeliveryRow, to moment: Int64
    ) throws(BridgeStoreError) {
        try unmark(BridgeTables.outbox, RowKey("d").with(relay).with(row.stamp).with(id))
        row.stamp = stamp(at: moment)
        row.updatedAt = now
        try mark(BridgeTables.outbox, RowKey("d").with(relay).with(row.stamp).with(id))
        try write(.delivery(id, relay), row)
    }

    fileprivate mutating func settle(
        _ id: EventID, _ relay: UInt32, _ row: inout DeliveryRow, _ state: DeliveryRow.State,
        _ reason: String?
    ) throws(BridgeStoreError) {
        try unmark(BridgeTables.outbox, RowKey("d").with(relay).with(row.stamp).with(id))
        row.state = state
        row.reason = reason.map { String($0.prefix(200)) }
        row.updatedAt = now
        try write(.delivery(id, relay), row)
    }

    /// Sends an event nowhere any more.
    ///
    /// - Returns: the relays that may have it already.
    @discardableResult
    mutating func withdrawDeliveries(of id: EventID, reason: String) throws(BridgeStoreError) -> [UInt32] {
        var relays: [UInt32] = []
        for key in try keys(BridgeTables.outbox, RowKey("s").with(id), limit: 1_000) {
            var reader = KeyReader(key, skipping: 33)
            guard let relay = reader.short(), var row = try read(.delivery(id, relay)) else { continue }
            if row.mayBeThere { relays.append(relay) }
            if row.isDue { try settle(id, relay, &row, .withdrawn, reason) }
        }
        return relays
    }
}
