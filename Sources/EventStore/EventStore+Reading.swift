// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Whether an id needs any work at all.
public enum KnownState: Hashable, Sendable {
    case unknown, stored
    /// Still there, and no longer served (NIP-40).
    case expired
}

extension EventStore {
    /// Whether an event is stored.
    public func contains(_ id: EventID) throws(StoreError) -> Bool {
        try read { snapshot throws(StoreError) in try snapshot.serial(of: id, schema, maker) != nil }
    }

    /// One state an id, in order, from one snapshot.
    public func known(_ ids: [EventID], now: Timestamp) throws(StoreError) -> [KnownState] {
        try read { snapshot throws(StoreError) in
            var states: [KnownState] = []
            states.reserveCapacity(ids.count)
            for id in ids { states.append(try snapshot.known(id, schema, maker, now: now)) }
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
}

/// Which tags name other events.
enum Reference {
    static let letters = Array("eEqaA".utf8)
    static let idLetters: [UInt8] = [UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "q")]
    static let addressLetters: [UInt8] = [UInt8(ascii: "a"), UInt8(ascii: "A"), UInt8(ascii: "q")]
}
