// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

@testable import EventStore

/// What the store has to be equal to: an array, and the rules written down as plainly as they are read.
struct NaiveStore {
    private(set) var stored: [Decoded] = []
    /// Every deletion that was ever stored: what it asked for holds when it is gone.
    private var deletions: [Decoded] = []

    /// An event with its tags taken apart once.
    struct Decoded {
        let event: Event
        let tags: [Tag]
        let expiration: Timestamp?

        init(_ event: Event) {
            self.event = event
            tags = event.tags
            let text = tags.first { $0.name == "expiration" }?.value
            expiration = text.flatMap { Int64($0.string) }.map { Timestamp($0) }
        }

        func hasExpired(at now: Timestamp) -> Bool { expiration.map { now >= $0 } ?? false }

        var address: TagValue? {
            let kind = event.kind.rawValue
            if (30000..<40000).contains(kind) {
                let identifier = tags.first { $0.name == "d" }?.value ?? ""
                return TagValue("\(kind):\(event.pubkey.hex):\(identifier.string)")
            }
            let isReplaceable = kind == 0 || kind == 3 || (10000..<20000).contains(kind)
            return isReplaceable ? TagValue("\(kind):\(event.pubkey.hex):") : nil
        }
    }

    mutating func put(_ event: Event, now: Timestamp) -> WriteOutcome {
        let new = Decoded(event)
        if new.hasExpired(at: now) { return .expired }
        if stored.contains(where: { $0.event.id == event.id }) { return .duplicate }
        if deletions.contains(where: { deletes($0, new) }) { return .deleted }
        if let address = new.address, let index = stored.firstIndex(where: { $0.address == address }) {
            let current = stored[index]
            let isNewer =
                event.createdAt > current.event.createdAt
                || (event.createdAt == current.event.createdAt && event.id < current.event.id)
            if !isNewer, !current.hasExpired(at: now) { return .superseded }
            stored.remove(at: index)
        }
        stored.append(new)
        if event.kind == 5 {
            deletions.append(new)
            stored = stored.filter { !deletes(new, $0) }
        }
        return .stored
    }

    mutating func remove(_ id: EventID) { stored.removeAll { $0.event.id == id } }

    private func deletes(_ deletion: Decoded, _ target: Decoded) -> Bool {
        guard deletion.event.pubkey == target.event.pubkey, target.event.kind != 5 else { return false }
        return deletion.tags.contains { tag in
            if tag.name == "e" { return tag.value == TagValue(target.event.id.hex) }
            guard tag.name == "a", let address = target.address else { return false }
            return tag.value == address && target.event.createdAt <= deletion.event.createdAt
        }
    }

    // MARK: Reading

    /// The union of each filter's first events, newest first, lowest id first among equals.
    func events(_ filters: [Filter], maxLimit: Int, defaultLimit: Int, now: Timestamp) -> [EventID] {
        var union: Set<EventID> = []
        let ordered = order(now)
        for filter in filters {
            let limit = min(filter.limit ?? defaultLimit, maxLimit)
            union.formUnion(ordered.filter { matches(filter, $0) }.prefix(limit).map(\.event.id))
        }
        return ordered.map(\.event.id).filter { union.contains($0) }
    }

    func count(_ filters: [Filter], now: Timestamp) -> Int {
        order(now).count { event in filters.contains { matches($0, event) } }
    }

    private func order(_ now: Timestamp) -> [Decoded] {
        stored.filter { !$0.hasExpired(at: now) }.sorted {
            ($1.event.createdAt, $0.event.id) < ($0.event.createdAt, $1.event.id)
        }
    }

    private func matches(_ filter: Filter, _ decoded: Decoded) -> Bool {
        let event = decoded.event
        if let ids = filter.ids, !ids.contains(event.id) { return false }
        if let authors = filter.authors, !authors.contains(event.pubkey) { return false }
        if let kinds = filter.kinds, !kinds.contains(event.kind) { return false }
        if let since = filter.since, event.createdAt < since { return false }
        if let until = filter.until, event.createdAt > until { return false }
        return filter.tags.allSatisfy { condition in
            decoded.tags.contains { tag in
                tag.name?.bytes == [condition.letter]
                    && tag.value.map { condition.values.contains($0) } ?? false
            }
        }
    }
}
