// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import Negentropy
public import NostrCore

/// Events that relays hold and that were not taken here: refused, replaced, deleted, held, or too long to be read.
///
/// Where a filter is reconciled again they count as here, or each audit would fetch them anew. Nothing of them is kept but what
/// tells which filters they match. Whoever forgets one has it offered once more; so they are forgotten after a while, when an
/// announcement is stored that may make them acceptable, and with the process.
public struct UnwantedEvents: Sendable {
    /// How many are remembered, of one relay and of all.
    public var perRelayMax = 20_000
    public var max = 200_000
    /// **Seconds** after which one is fetched again.
    public var lifetime: Int64 = 7 * 24 * 3600

    private struct Entry: Sendable {
        let createdAt: Timestamp
        let kind: Kind
        let author: ValueHash
        /// Of its single-letter tags.
        let tags: [ValueHash]
        let until: Timestamp
    }

    private var relays: [RelayURL: [EventID: Entry]] = [:]
    public private(set) var count = 0

    public init() {}

    /// Remembers an event of a relay.
    public mutating func insert(_ event: Event, of relay: RelayURL, at now: Timestamp) {
        if relays[relay]?.count ?? 0 >= perRelayMax || count >= max { removeOld(at: now) }
        guard relays[relay]?.count ?? 0 < perRelayMax, count < max, event.createdAt.seconds >= 0 else {
            return
        }
        let json = event.json.span
        var scanner = TagScanner(event.layout)
        var tags: [ValueHash] = []
        while let tag = scanner.next(in: json) {
            if let hash = ValueHash(tag, in: json) { tags.append(hash) }
        }
        let entry = Entry(
            createdAt: event.createdAt, kind: event.kind, author: ValueHash(event.pubkey), tags: tags,
            until: now.advanced(by: lifetime))
        if relays[relay, default: [:]].updateValue(entry, forKey: event.id) == nil { count += 1 }
    }

    /// Those of a relay that a filter matches.
    public func items(of relay: RelayURL, matching filter: Filter, at now: Timestamp) -> [NegentropyItem] {
        guard let entries = relays[relay], !entries.isEmpty else { return [] }
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
        remove { $0.tags.contains(hash) }
    }

    /// What is taken has changed.
    public mutating func removeAll() {
        relays = [:]
        count = 0
    }

    public mutating func forget(_ relay: RelayURL) { count -= relays.removeValue(forKey: relay)?.count ?? 0 }

    private mutating func removeOld(at now: Timestamp) { remove { $0.until <= now } }

    private mutating func remove(where isGone: (Entry) -> Bool) {
        for relay in relays.keys {
            relays[relay] = relays[relay]?.filter { !isGone($0.value) }
            if relays[relay]?.isEmpty == true { relays[relay] = nil }
        }
        count = relays.values.reduce(0) { $0 + $1.count }
    }
}
