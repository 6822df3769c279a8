// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Whether an id needs any work at all.
public enum KnownState: Hashable, Sendable { case unknown, stored }

extension EventStore {
    public func contains(_ id: EventID) throws(StoreError) -> Bool { fatalError("not written yet") }
    /// One state an id, in order, from one snapshot.
    public func known(_ ids: [EventID]) throws(StoreError) -> [KnownState] { fatalError("not written yet") }
    public func event(_ id: EventID) throws(StoreError) -> Event? { fatalError("not written yet") }
    /// The newest stored event at an address.
    public func event(at address: EventAddress) throws(StoreError) -> Event? { fatalError("not written yet") }
    /// A small query's whole result; `limit` bounds each filter.
    public func events(matching filters: [Filter], limit: Int? = nil, now: Timestamp) throws(StoreError)
        -> [Event]
    { fatalError("not written yet") }
    /// How many events match any of the filters.
    public func count(_ filters: [Filter], now: Timestamp) throws(StoreError) -> Int {
        fatalError("not written yet")
    }
    /// Whether a stored event of another kind than `ignoring` names this id in an `e`, `E` or `q` tag.
    public func isReferenced(_ id: EventID, ignoring kinds: [Kind] = EventStore.neverAnchors)
        throws(StoreError) -> Bool
    { fatalError("not written yet") }
    /// Whether a stored event of another kind than `ignoring` names this address in an `a`, `A` or `q` tag.
    public func isReferenced(_ address: EventAddress, ignoring kinds: [Kind] = EventStore.neverAnchors)
        throws(StoreError) -> Bool
    { fatalError("not written yet") }
    /// Kinds that anyone may leave here, so that being named by one proves nothing.
    public static let neverAnchors: [Kind] = [
        .deletion, .requestToVanish, .relayList, .directMessageRelays, .graspList,
    ]
    public func side(_ table: SideTable, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        fatalError("not written yet")
    }
    /// Rows whose keys begin with `prefix`, in the order of their keys; those after `after` when it is given.
    public func sideRows(_ table: SideTable, prefix: [UInt8] = [], after: [UInt8]? = nil, limit: Int)
        throws(StoreError) -> [(key: [UInt8], value: [UInt8])]
    { fatalError("not written yet") }
}
