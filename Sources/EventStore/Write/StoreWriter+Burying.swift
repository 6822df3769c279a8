// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

extension StoreWriter {
    /// Removes one stored event for good: its tombstone keeps it from coming again, whoever sends it.
    ///
    /// - Returns: whether it was there.
    public mutating func bury(_ id: EventID) throws(StoreError) -> Bool {
        guard let event = try view.event(id), try remove(id, reason: .operator) else { return false }
        try markDeleted(id, by: event.pubkey)
        return true
    }

    /// Whether a stored event names, or is named by, one that is numbered from `number` on. Where it has more to do with others than
    /// ``StoreLimits/neighboursMax`` it may be: everybody's events wait for this transaction.
    public func isLinkedToNews(_ id: EventID, from number: UInt64) throws(StoreError) -> Bool {
        guard number < view.state.nextSerial.rawValue, let event = try view.event(id) else { return false }
        try view.flush()
        let transaction = view.transaction
        let most = StoreLimits.neighboursMax
        let neighbours = try Links(event).neighbours(transaction, view.store, most: most)
        return neighbours.count >= most || neighbours.contains { $0.rawValue >= number }
    }
}
