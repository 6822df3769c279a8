// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What a relay must hold and answer, written as plainly as NIP-01, NIP-09 and NIP-40 say it.
struct NaiveRelay {
    private var stored: [EventID: ModelEvent] = [:]
    private var newest: [String: EventID] = [:]
    private var deletedIDs: Set<String> = []
    private var deletedAddresses: [String: Int64] = [:]
    private let now: Int64

    init(now: Int64) { self.now = now }

    var count: Int { stored.count }

    mutating func take(_ event: ModelEvent) {
        guard stored[event.id] == nil, !event.isEphemeral else { return }
        if let expiration = event.expiration, expiration <= now { return }
        if event.kind != 5, deletedIDs.contains("\(event.id) \(event.author)") { return }
        if let address = event.address {
            if let deleted = deletedAddresses[address], event.createdAt <= deleted { return }
            if let id = newest[address], let old = stored[id] {
                guard ModelEvent.newestFirst(event, old) else { return }
                stored[id] = nil
            }
            newest[address] = event.id
        }
        stored[event.id] = event
        if event.kind == 5 { delete(as: event) }
    }

    private mutating func delete(as deletion: ModelEvent) {
        for id in deletion.values("e") {
            deletedIDs.insert("\(id) \(deletion.author)")
            guard let id = EventID(hex: id), let target = stored[id] else { continue }
            if target.author == deletion.author && target.kind != 5 { stored[id] = nil }
        }
        for address in deletion.values("a") where address.contains(":\(deletion.event.pubkey):") {
            deletedAddresses[address] = max(deletedAddresses[address] ?? 0, deletion.createdAt)
            guard let id = newest[address], let target = stored[id] else { continue }
            if target.createdAt <= deletion.createdAt { stored[id] = nil }
        }
    }

    /// Everything held, in NIP-01's order.
    func sorted() -> [ModelEvent] { stored.values.sorted(by: ModelEvent.newestFirst) }

    /// The answer to a REQ: each filter's first events, together, each once, in order.
    static func answer(_ filters: [ModelFilter], from sorted: [ModelEvent], limit: Int) -> [EventID] {
        var chosen: Set<Int> = []
        for filter in filters {
            var left = min(filter.limit ?? limit, limit)
            for (index, event) in sorted.enumerated() where left > 0 && filter.matches(event) {
                chosen.insert(index)
                left -= 1
            }
        }
        return chosen.sorted().map { sorted[$0].id }
    }
}
