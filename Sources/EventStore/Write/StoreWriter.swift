// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Writes inside one transaction, and reads what it wrote.
public struct StoreWriter: ~Copyable {
    /// The reads of this transaction, as a value that can be handed on until the transaction ends.
    public let view: TransactionView
    /// Events of this transaction that are still stored, by serial.
    private(set) var stored: [(serial: Serial, event: Event)] = []
    /// Whether somebody vanished in this transaction.
    var somebodyVanished = false
    /// Serials of this transaction that were removed again.
    private var withdrawn: Set<Serial> = []
    private var removed: [Removal] = []
    /// What was removed since ``takeRemovals()``, stored by this transaction or before it.
    private var removals: [Removal] = []
    /// Whether there is any tombstone of the three sorts: most stores are spared the lookups.
    private(set) var hasTombstones: (ids: Bool, addresses: Bool, authors: Bool)

    init(_ view: TransactionView) throws(StoreError) {
        self.view = view
        let schema = view.schema
        hasTombstones = (
            try view.transaction.rows(schema.goneIDs) > 0,
            try view.transaction.rows(schema.goneAddresses) > 0,
            try view.transaction.rows(schema.goneAuthors) > 0
        )
    }

    /// The moment of this transaction.
    public var now: Timestamp { view.now }

    /// Stores an event if the rules allow it: NIP-01 versions, NIP-09, NIP-40, NIP-62.
    public mutating func put(_ event: Event) throws(StoreError) -> WriteOutcome {
        if let reason = unindexable(event) { return .unindexable(reason) }
        let expiration = event.expiration
        let address = event.address
        let holder = try holder(of: address)
        let found = try found(event, address, holder)
        let version = FoundState.Version(createdAt: event.createdAt, id: event.id)
        let decision = WriteRules.judge(
            version, kind: event.kind, expiration: expiration, found: found, now: now)
        if case .refuse(let outcome) = decision { return outcome }
        try takeRoom(for: event)
        if let holder { try remove(holder.serial, reason: holder.hasExpired ? .expired : .replaced) }
        try append(event, expiration: expiration, address: address)
        if event.kind == .deletion { try performDeletion(event) }
        if view.batch.count > IndexBatch.limit { try view.flush() }
        return .stored
    }

    /// Writes one row of a side table.
    public mutating func put(_ side: SideWrite) throws(StoreError) {
        guard (1...511).contains(side.key.count) else {
            throw .misuse("a side table's key has 1 … 511 bytes, not \(side.key.count)")
        }
        guard let table = try view.store.openSide(side.table) else {
            throw .misuse("a store that is only read")
        }
        if let value = side.value {
            try view.room.take(side.key.count + value.count + 64)
            try view.transaction.put(table, side.key.span, value.span)
        } else {
            try view.transaction.delete(table, side.key.span)
        }
    }

    /// A deletion that makes room needs none, nor a request to vanish.
    private func takeRoom(for event: Event) throws(StoreError) {
        if event.kind == .deletion, try removesSomething(event) { return }
        if event.kind == .requestToVanish, try hasEvents(of: event.pubkey) { return }
        let tags = event.layout.tagsEnd - event.layout.tagsStart
        let words = view.isBuilt(.search, for: view.state.nextSerial) && SearchedText.isSearched(event.kind)
        try view.room.take(
            StoreRoom.bytes(
                ofEvent: event.json.count, tags: tags, areWordsIndexed: words, trees: view.store.trees.count,
                groups: view.store.groups != nil))
    }

    private func unindexable(_ event: Event) -> String? {
        if event.kind.isEphemeral { return "ephemeral events are not stored" }
        let limit = view.store.limits.eventBytes
        return event.json.count > limit ? "longer than \(limit) bytes" : nil
    }

    // MARK: What is there

    /// The event at an address.
    struct Holder {
        var serial: Serial
        var version: FoundState.Version
        var hasExpired: Bool
    }

    func holder(of address: EventAddress?) throws(StoreError) -> Holder? {
        guard let address, let serial = try view.serial(at: address) else { return nil }
        let transaction = view.transaction
        guard let record = try transaction.record(serial, view.schema) else { return nil }
        return Holder(
            serial: serial, version: FoundState.Version(createdAt: record.createdAt, id: try record.id()),
            hasExpired: record.hasExpired(at: now))
    }

    private func found(_ event: Event, _ address: EventAddress?, _ holder: Holder?) throws(StoreError)
        -> FoundState
    {
        var found = FoundState()
        found.isStored = try view.serial(of: event.id) != nil
        if let holder, !holder.hasExpired { found.current = holder.version }
        let tombstones = Tombstones(maker: view.maker)
        let (transaction, schema) = (view.transaction, view.schema)
        found.vanishedUpTo = try vanishedUpTo(event)
        if hasTombstones.addresses, let address,
            let row = try transaction.value(schema.goneAddresses, tombstones.key(address).span)
        {
            found.addressDeletedUpTo = try Tombstones.time(row)
        }
        if hasTombstones.ids {
            for author in deleters(of: event) where !found.isDeleted {
                let key = tombstones.key(event.id, by: author)
                found.isDeleted = try transaction.hasValue(schema.goneIDs, key.span)
            }
        }
        return found
    }

    /// Who may delete an event: its author, and those to whom a gift wrap is addressed (NIP-59).
    private func deleters(of event: Event) -> [PublicKey] {
        guard event.kind == .giftWrap else { return [event.pubkey] }
        return [event.pubkey] + event.layout.recipients(in: event.json.span)
    }

    // MARK: What changes

    private mutating func append(_ event: Event, expiration: Timestamp?, address: EventAddress?)
        throws(StoreError)
    {
        let serial = view.state.nextSerial
        guard serial < .max else { throw .full(operation: "number an event", reason: "all serials are used") }
        var body: [UInt8] = []
        swap(&body, &view.packed)
        let header = EventRecord.pack(event, expiration: expiration, body: &body)
        try view.transaction.append(
            view.schema.event, Key(serial: serial).span, header.span, body.span)
        view.packed = body
        view.state.nextSerial = serial.next
        view.batch.isRemoving = false
        let keyed = EventHeader(
            id: event.id, pubkey: event.pubkey, layout: event.layout, expiration: expiration)
        EventKeys(maker: view.maker).addEntries(
            of: keyed, json: event.json.span, serial: serial, to: &view.batch)
        if view.isBuilt(.sketch, for: serial) { view.sketches.add(keyed, json: event.json.span) }
        if view.isBuilt(.search, for: serial) {
            view.words.addEntries(
                of: keyed, json: event.json.span, serial: serial, view.maker, to: &view.batch)
        }
        if view.isBuilt(.tree, for: serial) {
            view.trees.add(keyed, json: event.json.span, to: view.store.trees, isRemoving: false)
        }
        if let groups = view.store.groups, view.isBuilt(.group, for: serial) {
            try view.groups.add(keyed, json: event.json.span, to: groups, view.maker, isRemoving: false)
        }
        view.pendingIDs[event.id] = serial
        if let address { view.pendingAddresses[address] = serial }
        stored.append((serial, event))
    }

    /// Removes a stored event and its index entries.
    mutating func remove(_ serial: Serial, reason: RemovalReason) throws(StoreError) {
        let transaction = view.transaction
        guard let record = try transaction.storedRecord(serial, view.schema) else { return }
        let header = try record.header()
        let text = try record.text()
        let removal = Removal(header, text.json, reason: reason)
        if serial < view.flushedBelow {
            view.batch.isRemoving = true
            EventKeys(maker: view.maker).addEntries(
                of: header, json: text.json, serial: serial, to: &view.batch)
            if view.isBuilt(.search, for: serial) {
                view.words.addEntries(
                    of: header, json: text.json, serial: serial, view.maker, to: &view.batch)
            }
        } else {
            view.batch.forget(serial)
        }
        if view.isBuilt(.tree, for: serial) {
            view.trees.add(header, json: text.json, to: view.store.trees, isRemoving: true)
        }
        if let groups = view.store.groups, view.isBuilt(.group, for: serial) {
            try view.groups.add(header, json: text.json, to: groups, view.maker, isRemoving: true)
        }
        if CountedQuery.counts(header.kind), view.isBuilt(.sketch, for: serial) { view.staleSketches += 1 }
        try transaction.delete(view.schema.event, Key(serial: serial).span)
        view.pendingIDs[header.id] = nil
        if let address = removal.address, view.pendingAddresses[address] == serial {
            view.pendingAddresses[address] = nil
        }
        removals.append(removal)
        if serial < view.first { removed.append(removal) } else { withdrawn.insert(serial) }
    }

    /// Everything that was removed since the last call, in order: unlike a commit, with what this
    /// transaction itself had stored.
    public mutating func takeRemovals() -> [Removal] {
        defer { removals.removeAll(keepingCapacity: true) }
        return removals
    }

    mutating func markDeleted(_ id: EventID, by author: PublicKey) throws(StoreError) {
        let key = Tombstones(maker: view.maker).key(id, by: author)
        try view.transaction.put(view.schema.goneIDs, key.span, Key().span)
        hasTombstones.ids = true
    }

    mutating func markDeleted(_ address: EventAddress, upTo time: Timestamp) throws(StoreError) {
        try raise(view.schema.goneAddresses, Tombstones(maker: view.maker).key(address), to: time)
        hasTombstones.addresses = true
    }

    /// - Returns: `false` when a later request says the same already.
    mutating func markVanished(_ author: PublicKey, upTo time: Timestamp) throws(StoreError) -> Bool {
        hasTombstones.authors = true
        return try raise(view.schema.goneAuthors, Tombstones(maker: view.maker).key(author), to: time)
    }

    /// Moves a tombstone's time up, never down.
    ///
    /// - Returns: whether it moved.
    @discardableResult
    private func raise(_ table: Table, _ key: Key, to time: Timestamp) throws(StoreError) -> Bool {
        let transaction = view.transaction
        if let row = try transaction.value(table, key.span), try Tombstones.time(row) >= time { return false }
        try transaction.put(table, key.span, Tombstones.row(time).span)
        return true
    }

    /// Writes what is still pending and says what the transaction did.
    mutating func finish() throws(StoreError) -> Commit? {
        try view.flush()
        let before = try view.transaction.state(view.schema)
        let kept = stored.filter { !withdrawn.contains($0.serial) }
        var commit: Commit?
        if !kept.isEmpty || !removed.isEmpty {
            view.state.sequence = CommitSequence(rawValue: view.state.sequence.rawValue + 1)
            commit = Commit(
                sequence: view.state.sequence, stored: kept.map(\.event),
                numbers: kept.map(\.serial.rawValue), removed: removed,
                takesBack: somebodyVanished || removed.contains { $0.reason == .operator })
            let log = CommitLog(
                environment: view.store.environment, schema: view.schema, limits: view.store.limits)
            let row = CommitRow(
                serials: view.first.rawValue..<view.state.nextSerial.rawValue, removed: removed)
            try log.append(row, to: view.transaction, &view.state)
            try view.transaction.put(
                view.schema.meta, StoreFormat.keptKey.span, Key(view.state.sequence.rawValue).span)
            if view.store.indexesWords { try view.transaction.markWords(view.state.sequence, view.schema) }
            if !view.store.trees.isEmpty {
                try view.transaction.markTrees(
                    view.store.trees, view.state.sequence, view.schema, view.maker)
            }
            if let groups = view.store.groups {
                try view.transaction.markGroups(groups, view.state.sequence, view.schema, view.maker)
            }
        }
        if view.staleSketches > 0 { try view.addStaleSketches() }
        if view.state != before {
            try view.transaction.put(view.schema.meta, StoreState.key.span, view.state.row.span)
        }
        return commit
    }
}

extension Removal {
    init(_ header: EventHeader, _ json: Span<UInt8>, reason: RemovalReason) {
        var address: EventAddress?
        if header.kind.isAddressable {
            let identifier = header.layout.identifier(in: json)
            address = EventAddress(kind: header.kind, pubkey: header.pubkey, identifier: identifier)
        } else if header.kind.isReplaceable {
            address = EventAddress(kind: header.kind, pubkey: header.pubkey, identifier: "")
        }
        self.init(id: header.id, kind: header.kind, pubkey: header.pubkey, address: address, reason: reason)
    }
}
