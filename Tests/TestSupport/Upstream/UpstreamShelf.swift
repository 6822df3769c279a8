// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The events that a ``ScriptedRelay`` holds, found by id, by tag or one by one.
struct UpstreamShelf: Sendable {
    private var events: [EventID: Event] = [:]
    private var byTag: [TagKey: Set<EventID>] = [:]
    private var byAddress: [EventAddress: EventID] = [:]

    private struct TagKey: Hashable, Sendable {
        let letter: UInt8
        let value: TagValue
    }

    var count: Int { events.count }

    /// Stores an event as NIP-01 and NIP-09 say: the newest version only, and nothing that was deleted.
    ///
    /// - Returns: whether it is stored now and was not before.
    mutating func insert(_ event: Event) -> Bool {
        guard events[event.id] == nil else { return false }
        if let address = event.address {
            if let held = byAddress[address].flatMap({ events[$0] }) {
                guard Event.newestFirst(event, held) else { return false }
                remove(held.id)
            }
            byAddress[address] = event.id
        }
        events[event.id] = event
        for key in Self.keys(of: event) { byTag[key, default: []].insert(event.id) }
        if event.kind == .deletion { delete(what: event) }
        return true
    }

    mutating func remove(_ id: EventID) {
        guard let event = events.removeValue(forKey: id) else { return }
        for key in Self.keys(of: event) { byTag[key]?.remove(id) }
        if let address = event.address, byAddress[address] == id { byAddress[address] = nil }
    }

    private mutating func delete(what deletion: Event) {
        for tag in deletion.tags where tag.elements.count > 1 {
            let value = tag.elements[1]
            let target =
                tag.elements[0] == "e"
                ? EventID(hex: value.string) : EventAddress(value).flatMap { byAddress[$0] }
            guard let target, let event = events[target], event.pubkey == deletion.pubkey,
                event.createdAt <= deletion.createdAt || tag.elements[0] == "e"
            else { continue }
            remove(target)
        }
    }

    /// The union of each filter's newest events, newest first.
    func answer(_ filters: [Filter], maxLimit: Int) -> [Event] {
        var found: Set<EventID> = []
        var answer: [Event] = []
        for filter in filters {
            let matching = candidates(for: filter).filter(filter.matches).sorted(by: Event.newestFirst)
            for event in matching.prefix(min(filter.limit ?? maxLimit, maxLimit))
            where found.insert(event.id).inserted {
                answer.append(event)
            }
        }
        return answer.sorted(by: Event.newestFirst)
    }

    private func candidates(for filter: Filter) -> [Event] {
        if let ids = filter.ids { return ids.compactMap { events[$0] } }
        guard let condition = filter.tags.first else { return Array(events.values) }
        var ids: Set<EventID> = []
        for value in condition.values {
            ids.formUnion(byTag[TagKey(letter: condition.letter, value: value)] ?? [])
        }
        return ids.compactMap { events[$0] }
    }

    private static func keys(of event: Event) -> Set<TagKey> {
        Set(
            event.tags.compactMap { tag in
                guard tag.elements.count > 1, tag.elements[0].bytes.count == 1 else { return nil }
                return TagKey(letter: tag.elements[0].bytes[0], value: tag.elements[1])
            })
    }
}
