// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What an open write transaction sees, its own writes among it. Using it after the transaction traps.
public final class TransactionView {
    /// Whether an event is stored.
    public func contains(_ id: EventID) throws(StoreError) -> Bool { fatalError("not written yet") }
    /// The stored event of an id.
    public func event(_ id: EventID) throws(StoreError) -> Event? { fatalError("not written yet") }
    /// The newest stored event at an address.
    public func event(at address: EventAddress) throws(StoreError) -> Event? { fatalError("not written yet") }
    /// Whether a stored event of another kind than `ignoring` names this id in an `e`, `E` or `q` tag.
    public func isReferenced(
        _ id: EventID, ignoring kinds: [Kind] = EventStore.neverAnchors
    ) throws(StoreError) -> Bool { fatalError("not written yet") }
    /// Whether a stored event of another kind than `ignoring` names this address in an `a`, `A` or `q` tag.
    public func isReferenced(
        _ address: EventAddress, ignoring kinds: [Kind] = EventStore.neverAnchors
    ) throws(StoreError) -> Bool { fatalError("not written yet") }
    /// The first events that match, newest first; expired ones are not there.
    public func events(matching filter: Filter, limit: Int) throws(StoreError) -> [Event] {
        fatalError("not written yet")
    }
    /// The value of one row of a side table.
    public func side(_ table: SideTable, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        fatalError("not written yet")
    }
    init() { fatalError("not written yet") }
}
