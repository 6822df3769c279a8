// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

extension StoreWriter {
    /// Removes one stored event. It may come again: see NIP-09 for what may not.
    ///
    /// - Returns: whether it was there.
    public mutating func remove(_ id: EventID, reason: RemovalReason) throws(StoreError) -> Bool {
        guard let serial = try view.serial(of: id) else { return false }
        try remove(serial, reason: reason)
        return true
    }

    /// Removes up to `limit` events that have expired (NIP-40) and says how many.
    public mutating func removeExpired(limit: Int) throws(StoreError) -> Int {
        try view.flush()
        let serials = try expired(limit: limit)
        for serial in serials { try remove(serial, reason: .expired) }
        return serials.count
    }

    private func expired(limit: Int) throws(StoreError) -> [Serial] {
        var serials: [Serial] = []
        let transaction = view.transaction
        var cursor = try Cursor(transaction, view.schema[.expiry])
        var isThere = try cursor.next()
        while isThere, serials.count < limit, cursor.key.word(at: 0) <= UInt64(bitPattern: now.seconds) {
            serials.append(cursor.key.serial(at: 8))
            isThere = try cursor.next()
        }
        return serials
    }

    /// Does what a stored deletion asks for (NIP-09).
    ///
    /// A tombstone is left for everything named, here or not; a stranger's never matches the event it names.
    mutating func performDeletion(_ deletion: Event) throws(StoreError) {
        let targets = DeletionTargets(deletion)
        for id in targets.ids {
            if let serial = try view.serial(of: id), try mayDelete(serial, by: deletion.pubkey) {
                try remove(serial, reason: .deleted)
            }
            try markDeleted(id, by: deletion.pubkey)
        }
        for address in targets.addresses {
            try markDeleted(address, upTo: deletion.createdAt)
            guard let holder = try holder(of: address), holder.version.createdAt <= deletion.createdAt else {
                continue
            }
            try remove(holder.serial, reason: .deleted)
        }
    }

    /// Whether a deletion that is not stored yet names something that it takes away.
    func removesSomething(_ deletion: Event) throws(StoreError) -> Bool {
        let targets = DeletionTargets(deletion)
        for id in targets.ids {
            if let serial = try view.serial(of: id), try mayDelete(serial, by: deletion.pubkey) {
                return true
            }
        }
        for address in targets.addresses {
            if let holder = try holder(of: address), holder.version.createdAt <= deletion.createdAt {
                return true
            }
        }
        return false
    }

    private func mayDelete(_ serial: Serial, by author: PublicKey) throws(StoreError) -> Bool {
        let transaction = view.transaction
        guard let record = try transaction.record(serial, view.schema) else { return false }
        let text = try record.text()
        let recipients = record.kind == .giftWrap ? record.layout.recipients(in: text.json) : []
        return WriteRules.mayDelete(author, kind: record.kind, pubkey: try record.pubkey()) {
            recipients.contains($0)
        }
    }
}

// MARK: - What others may ask

extension StoreWriter {
    /// Whether an event is stored.
    public func contains(_ id: EventID) throws(StoreError) -> Bool { try view.contains(id) }
    /// The stored event of an id.
    public func event(_ id: EventID) throws(StoreError) -> Event? { try view.event(id) }
    /// The newest stored event at an address.
    public func event(at address: EventAddress) throws(StoreError) -> Event? { try view.event(at: address) }
    /// The first events that match, newest first; expired ones are not there.
    public func events(matching filter: Filter, limit: Int) throws(StoreError) -> [Event] {
        try view.events(matching: filter, limit: limit)
    }
    /// The value of one row of a side table.
    public func side(_ table: SideTable, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        try view.side(table, key: key)
    }
}
