// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
public import Negentropy
public import NostrCore

/// Events that relays hold and that were not taken here: refused, replaced, deleted, held, or too long to be read.
///
/// Where a filter is reconciled again they count as here, or each audit would fetch them anew. Nothing of them is kept but what
/// tells which filters they match. Whoever forgets one has it offered once more; so they are forgotten after a while, when an
/// announcement is stored that may make them acceptable, when there are too many, and with the process.
public struct UnwantedEvents: Sendable {
    /// How many are remembered, of one relay and of all.
    public var perRelayMax = 20_000
    public var max = 200_000
    /// Single-letter tags of one; what has more is fetched again each time.
    public var tagsMax = 32
    /// **Seconds** after which one is fetched again.
    public var lifetime: Int64 = 7 * 24 * 3600

    private struct Entry: Sendable {
        let createdAt: Timestamp
        let kind: Kind
        let author: ValueHash
        /// Of its single-letter tags.
        let tags: [ValueHash]
        /// Of the first `d` tag.
        let identifier: ValueHash?
        let until: Timestamp
    }

    private struct Relay: Sendable {
        var entries: [EventID: Entry] = [:]
        /// Those that came first are first; some may have gone.
        var ages: Deque<EventID> = []

        mutating func forgetAgesOfGone() {
            guard ages.count > 2 * entries.count + 64 else { return }
            ages.removeAll { entries[$0] == nil }
        }
    }

    private var relays: [RelayURL: Relay] = [:]
    /// How many have that value in their `d` tag.
    private var identifiers: [ValueHash: Int] = [:]
    public private(set) var count = 0

    public init() {}

    /// Remembers an event of a relay. Where there are too many, the oldest of that relay, or of the one that has most, goes.
    public mutating func insert(_ event: Event, of relay: RelayURL, at now: Timestamp) {
        guard event.createdAt.seconds >= 0, perRelayMax > 0, max > 0, let tags = tags(of: event),
            relays[relay]?.entries[event.id].map({ $0.until <= now }) ?? true
        else { return }
        remove(event.id, of: relay)
        if relays[relay]?.entries.count ?? 0 >= perRelayMax { removeOldest(of: relay) }
        if count >= max, let largest = relays.max(by: { $0.value.entries.count < $1.value.entries.count }) {
            removeOldest(of: largest.key)
        }
        let entry = Entry(
            createdAt: event.createdAt, kind: event.kind, author: ValueHash(event.pubkey), tags: tags.all,
            identifier: tags.identifier, until: now.advanced(by: lifetime))
        relays[relay, default: Relay()].entries[event.id] = entry
        relays[relay]?.ages.append(event.id)
        count += 1
        if let identifier = entry.identifier { identifiers[identifier, default: 0] += 1 }
    }

    /// - Returns: `nil` when there are too many.
    private func tags(of event: Event) -> (all: [ValueHash], identifier: ValueHash?)? {
        let json = event.json.span
        var scanner = TagScanner(event.layout)
        var (tags, identifier): ([ValueHash], ValueHash?) = ([], nil)
        while let tag = scanner.next(in: json) {
            guard let hash = ValueHash(tag, in: json) else { continue }
            if tags.count == tagsMax { return nil }
            tags.append(hash)
            if identifier == nil, tag.letter(in: json) == UInt8(ascii: "d") { identifier = hash }
        }
        return (tags, identifier)
    }

    /// Those of a relay that a filter matches.
    public func items(of relay: RelayURL, matching filter: Filter, at now: Timestamp) -> [NegentropyItem] {
        guard let entries = relays[relay]?.entries, !entries.isEmpty else { return [] }
        let authors = filter.authors.map { Set($0.map { ValueHash($0) }) }
        let conditions = filter.tags.map { condition in
            Set(condition.values.map { ValueHash(letter: condition.letter, value: $0.bytes.span) })
        }
        return entries.compactMap { id, entry in
            guard entry.until > now, filter.ids?.contains(id) ?? true,
                filter.kinds?.contains(entry.kind) ?? true,
                authors?.contains(entry.author) ?? true, filter.since.map({ $0 <= entry.createdAt }) ?? true,
                filter.until.map({ $0 >= entry.createdAt }) ?? true,
                conditions.allSatisfy({ values in entry.tags.contains(where: values.contains) })
            else { return nil }
            return NegentropyItem(entry.createdAt, id)
        }
    }

    /// An announcement was stored: it may say who speaks for repositories of its identifier, and what they said before is
    /// looked at again.
    public mutating func announced(_ identifier: TagValue) {
        let hash = ValueHash(letter: UInt8(ascii: "d"), value: identifier.bytes.span)
        guard identifiers[hash] != nil else { return }
        for relay in relays.keys {
            for (id, entry) in relays[relay]?.entries ?? [:] where entry.identifier == hash {
                remove(id, of: relay)
            }
        }
    }

    /// What is taken has changed.
    public mutating func removeAll() {
        (relays, identifiers, count) = ([:], [:], 0)
    }

    public mutating func forget(_ relay: RelayURL) {
        for id in relays[relay]?.entries.keys.map(\.self) ?? [] { remove(id, of: relay) }
    }

    private mutating func removeOldest(of relay: RelayURL) {
        while let id = relays[relay]?.ages.popFirst() {
            if relays[relay]?.entries[id] != nil { return remove(id, of: relay) }
        }
    }

    private mutating func remove(_ id: EventID, of relay: RelayURL) {
        guard let entry = relays[relay]?.entries.removeValue(forKey: id) else { return }
        count -= 1
        if let identifier = entry.identifier {
            let left = (identifiers[identifier] ?? 1) - 1
            identifiers[identifier] = left > 0 ? left : nil
        }
        relays[relay]?.forgetAgesOfGone()
        if relays[relay]?.entries.isEmpty == true { relays[relay] = nil }
    }
}
