// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Negentropy
import NostrCore

/// What the store has to be equal to: an array, and the rules written down as plainly as they are read.
struct NaiveStore {
    private(set) var stored: [Decoded] = []
    /// Every deletion that was ever stored: what it asked for holds when it is gone.
    private var deletions: [Decoded] = []
    /// Until when those who asked to vanish are gone.
    private var vanished: [PublicKey: Timestamp] = [:]
    /// Stored since ``begin()``, and still there.
    private(set) var fresh: Set<EventID> = []
    /// Everything that was ever taken away: it may come again.
    private(set) var removed: Set<EventID> = []
    /// Everybody whose event counted for a target once, whatever became of the event.
    private(set) var counted: [CountedQuery: [TagValue: Set<PublicKey>]] = [:]

    /// An event with its tags taken apart once.
    struct Decoded {
        let event: Event
        let tags: [Tag]
        let expiration: Timestamp?
        let hexID: TagValue
        let address: TagValue?
        /// What may be searched for.
        let words: Set<String>

        init(_ event: Event) {
            self.event = event
            tags = event.tags
            hexID = TagValue(event.id.hex)
            let text = tags.first { $0.name == "expiration" }?.value
            expiration = text.flatMap { Int64($0.string) }.map { Timestamp($0) }
            address = Self.address(event, tags)
            words = NaiveWords.all(of: event, tags)
        }

        func hasExpired(at now: Timestamp) -> Bool { expiration.map { now >= $0 } ?? false }

        func names(_ key: PublicKey) -> Bool {
            tags.contains { $0.name == "p" && $0.value == TagValue(key.hex) }
        }

        private static func address(_ event: Event, _ tags: [Tag]) -> TagValue? {
            let kind = event.kind.rawValue
            if (30000..<40000).contains(kind) {
                let identifier = tags.first { $0.name == "d" }?.value ?? ""
                return TagValue("\(kind):\(event.pubkey.hex):\(identifier.string)")
            }
            let isReplaceable = kind == 0 || kind == 3 || (10000..<20000).contains(kind)
            return isReplaceable ? TagValue("\(kind):\(event.pubkey.hex):") : nil
        }
    }

    var count: Int { stored.count }

    /// The most events that share a moment.
    var busiestSecond: Int {
        Dictionary(grouping: stored, by: \.event.createdAt).values.map(\.count).max() ?? 0
    }

    func contains(_ id: EventID) -> Bool { stored.contains { $0.event.id == id } }

    // MARK: Writing

    /// A transaction begins.
    mutating func begin() { fresh = [] }

    mutating func put(_ event: Event, now: Timestamp) -> WriteOutcome {
        let new = Decoded(event)
        if new.hasExpired(at: now) { return .expired }
        if contains(event.id) { return .duplicate }
        if hasVanished(new) { return .vanished }
        if deletions.contains(where: { deletes($0, new) }) { return .deleted }
        if let address = new.address, let index = stored.firstIndex(where: { $0.address == address }) {
            let current = stored[index]
            let isNewer =
                event.createdAt > current.event.createdAt
                || (event.createdAt == current.event.createdAt && event.id < current.event.id)
            if !isNewer, !current.hasExpired(at: now) { return .superseded }
            drop([current])
        }
        stored.append(new)
        fresh.insert(event.id)
        count(new)
        if event.kind == 5 {
            deletions.append(new)
            drop(stored.filter { deletes(new, $0) })
        }
        return .stored
    }

    mutating func remove(_ id: EventID) { drop(stored.filter { $0.event.id == id }) }

    mutating func removeExpired(at now: Timestamp) { drop(stored.filter { $0.hasExpired(at: now) }) }

    mutating func vanish(_ key: PublicKey, upTo time: Timestamp) {
        vanished[key] = max(time, vanished[key] ?? time)
        drop(stored.filter { hasVanished($0) })
    }

    private mutating func drop(_ gone: [Decoded]) {
        let ids = Set(gone.map(\.event.id))
        fresh.subtract(ids)
        removed.formUnion(ids)
        stored.removeAll { ids.contains($0.event.id) }
    }

    func hasVanished(_ event: Event) -> Bool { hasVanished(Decoded(event)) }

    private func hasVanished(_ decoded: Decoded) -> Bool {
        let event = decoded.event
        if event.kind == 62 { return false }
        return vanished.contains { key, time in
            event.createdAt <= time && (event.pubkey == key || (event.kind == 1059 && decoded.names(key)))
        }
    }

    private func deletes(_ deletion: Decoded, _ target: Decoded) -> Bool {
        if target.event.kind == 5 || target.event.kind == 62 { return false }
        let author = deletion.event.pubkey
        let isOwn = target.event.pubkey == author
        guard isOwn || (target.event.kind == 1059 && target.names(author)) else { return false }
        return deletion.tags.contains { tag in
            if tag.name == "e" { return tag.value == target.hexID }
            guard isOwn, tag.name == "a", let address = target.address else { return false }
            return tag.value == address && target.event.createdAt <= deletion.event.createdAt
        }
    }

    private mutating func count(_ decoded: Decoded) {
        for query in CountedQuery.allCases where query.kinds.contains(decoded.event.kind) {
            for tag in decoded.tags where tag.name?.bytes == [query.letter] {
                guard let value = tag.value else { continue }
                counted[query, default: [:]][value, default: []].insert(decoded.event.pubkey)
            }
        }
    }

    // MARK: Reading

    /// The union of each filter's first events, newest first, lowest id first among equals.
    func events(
        _ filters: [Filter], maxLimit: Int, defaultLimit: Int, now: Timestamp,
        scope: ReadScope = .unrestricted, ranks: Bool = true
    ) -> [EventID] {
        var union: Set<EventID> = []
        var best: [EventID] = []
        let ordered = order(now, scope)
        for filter in filters where ranks && filter.ranks {
            let limit = min(filter.limit ?? defaultLimit, maxLimit)
            for found in Self.bestFirst(ordered.filter { Self.matches(filter, $0) }, filter).prefix(limit)
            where !best.contains(found.event.id) {
                best.append(found.event.id)
            }
        }
        for filter in filters where !(ranks && filter.ranks) {
            let limit = min(filter.limit ?? defaultLimit, maxLimit)
            union.formUnion(ordered.filter { Self.matches(filter, $0) }.prefix(limit).map(\.event.id))
        }
        return best + ordered.map(\.event.id).filter { union.contains($0) && !best.contains($0) }
    }

    /// The same of any number, as sets that are reconciled have them.
    func items(_ filters: [Filter], now: Timestamp, scope: ReadScope) -> [NegentropyItem] {
        order(now, scope).filter { event in filters.contains { Self.matches($0, event) } }
            .map { NegentropyItem($0.event.createdAt, $0.event.id) }
    }

    func count(_ filters: [Filter], now: Timestamp, scope: ReadScope) -> Int {
        order(now, scope).count { event in filters.contains { Self.matches($0, event) } }
    }

    private func order(_ now: Timestamp, _ scope: ReadScope) -> [Decoded] {
        stored.filter { !$0.hasExpired(at: now) && Self.mayRead($0, scope) }.sorted {
            ($1.event.createdAt, $0.event.id) < ($0.event.createdAt, $1.event.id)
        }
    }

    /// Stable: newest first among equals.
    private static func bestFirst(_ found: [Decoded], _ filter: Filter) -> [Decoded] {
        guard let search = filter.search else { return found }
        let scores = found.map { SearchScore(search, json: $0.event.json.span, layout: $0.event.layout) }
        return found.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }.map { found[$0] }
    }

    private static func mayRead(_ decoded: Decoded, _ scope: ReadScope) -> Bool {
        guard scope.guardedKinds.contains(decoded.event.kind) else { return true }
        return scope.keys.contains { $0 == decoded.event.pubkey || decoded.names($0) }
    }

    static func matches(_ filter: Filter, _ decoded: Decoded) -> Bool {
        let event = decoded.event
        if let ids = filter.ids, !ids.contains(event.id) { return false }
        if let authors = filter.authors, !authors.contains(event.pubkey) { return false }
        if let kinds = filter.kinds, !kinds.contains(event.kind) { return false }
        if let since = filter.since, event.createdAt < since { return false }
        if let until = filter.until, event.createdAt > until { return false }
        if let search = filter.search, !NaiveWords.match(search.text.string, decoded.words) { return false }
        return filter.tags.allSatisfy { condition in
            decoded.tags.contains { tag in
                tag.name?.bytes == [condition.letter]
                    && tag.value.map { condition.values.contains($0) } ?? false
            }
        }
    }
}
