// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Writes inside one transaction, and reads what it wrote.
public struct StoreWriter: ~Copyable {
    public let now: Timestamp
    /// The reads of this transaction, as a value that can be handed on until the transaction ends.
    public let view: TransactionView

    /// Stores an event if the rules allow it: NIP-01 versions, NIP-09, NIP-40, NIP-62.
    public mutating func put(_ event: Event) throws(StoreError) -> WriteOutcome {
        fatalError("not written yet")
    }
    public mutating func put(_ side: SideWrite) throws(StoreError) { fatalError("not written yet") }
    /// Removes one stored event.
    ///
    /// - Returns: whether it was there.
    public mutating func remove(_ id: EventID, reason: RemovalReason) throws(StoreError) -> Bool {
        fatalError("not written yet")
    }
    /// Removes up to `limit` events that have expired (NIP-40) and says how many.
    public mutating func removeExpired(limit: Int) throws(StoreError) -> Int { fatalError("not written yet") }
    /// Refuses everything of `pubkey` up to `time` for ever (NIP-62), and removes up to `limit` stored ones.
    public mutating func vanish(_ pubkey: PublicKey, upTo time: Timestamp, limit: Int) throws(StoreError)
        -> Int
    { fatalError("not written yet") }
    init() { fatalError("not written yet") }
}

extension StoreWriter {
    public func contains(_ id: EventID) throws(StoreError) -> Bool { try view.contains(id) }
    public func event(_ id: EventID) throws(StoreError) -> Event? { try view.event(id) }
    /// The newest stored event at an address.
    public func event(at address: EventAddress) throws(StoreError) -> Event? { try view.event(at: address) }
    /// See ``TransactionView/isReferenced(_:ignoring:)``.
    public func isReferenced(_ id: EventID) throws(StoreError) -> Bool { try view.isReferenced(id) }
    /// See ``TransactionView/isReferenced(_:ignoring:)``.
    public func isReferenced(_ address: EventAddress) throws(StoreError) -> Bool {
        try view.isReferenced(address)
    }
    /// The first events that match, newest first; expired ones are not there.
    public func events(matching filter: Filter, limit: Int) throws(StoreError) -> [Event] {
        try view.events(matching: filter, limit: limit)
    }
    /// The value of one row of a side table.
    public func side(_ table: SideTable, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        try view.side(table, key: key)
    }
}
