// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Whether an id needs any work at all.
public enum KnownState: Hashable, Sendable { case unknown, stored }

extension EventStore {
    /// Whether an event is stored.
    public func contains(_ id: EventID) throws(StoreError) -> Bool {
        try read { snapshot throws(StoreError) in try snapshot.serial(of: id, schema, maker) != nil }
    }

    /// One state an id, in order, from one snapshot.
    public func known(_ ids: [EventID]) throws(StoreError) -> [KnownState] {
        try read { snapshot throws(StoreError) in
            var states: [KnownState] = []
            states.reserveCapacity(ids.count)
            for id in ids {
                states.append(try snapshot.serial(of: id, schema, maker) == nil ? .unknown : .stored)
            }
            return states
        }
    }

    /// The stored event of an id.
    public func event(_ id: EventID) throws(StoreError) -> Event? {
        try read { snapshot throws(StoreError) in
            guard let serial = try snapshot.serial(of: id, schema, maker) else { return nil }
            return try snapshot.record(serial, schema)?.event()
        }
    }

    /// The newest stored event at an address.
    public func event(at address: EventAddress) throws(StoreError) -> Event? {
        try read { snapshot throws(StoreError) in
            guard let serial = try snapshot.serial(at: address, schema, maker) else { return nil }
            return try snapshot.record(serial, schema)?.event()
        }
    }

    /// A small query's whole result, newest first; `limit` bounds each filter that has none of its own.
    public func events(
        matching filters: [Filter], limit: Int? = nil, now: Timestamp
    ) throws(StoreError) -> [Event] {
        var walk = QueryWalk(filters: filters, maxLimit: .max, defaultLimit: limit ?? .max, now: now)
        return try read { snapshot throws(StoreError) in try walk.readAll(snapshot, context) }
    }

    /// How many events match any of the filters.
    public func count(_ filters: [Filter], now: Timestamp) throws(StoreError) -> Int {
        var count = StoredCount(filters: filters, now: now)
        while try count.readPage(of: self, budget: .unlimited) == .more {}
        return count.total
    }

    /// Whether a stored event of another kind than `ignoring` names this id in an `e`, `E` or `q` tag.
    public func isReferenced(
        _ id: EventID, ignoring kinds: [Kind] = EventStore.neverAnchors
    ) throws(StoreError) -> Bool {
        try read { snapshot throws(StoreError) in
            try snapshot.isNamed(
                TagValue(id.hex), by: Reference.idLetters, ignoring: kinds, schema, maker)
        }
    }

    /// Whether a stored event of another kind than `ignoring` names this address in an `a`, `A` or `q` tag.
    public func isReferenced(
        _ address: EventAddress, ignoring kinds: [Kind] = EventStore.neverAnchors
    ) throws(StoreError) -> Bool {
        try read { snapshot throws(StoreError) in
            try snapshot.isNamed(
                address.text, by: Reference.addressLetters, ignoring: kinds, schema, maker)
        }
    }

    /// Kinds that anyone may leave here, so that being named by one proves nothing.
    public static let neverAnchors: [Kind] = [
        .deletion, .requestToVanish, .relayList, .directMessageRelays, .graspList,
    ]
}

/// Which tags name other events.
enum Reference {
    static let idLetters: [UInt8] = [UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "q")]
    static let addressLetters: [UInt8] = [UInt8(ascii: "a"), UInt8(ascii: "A"), UInt8(ascii: "q")]
}
