// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What an open write transaction sees, its own writes among it. Using it after the transaction traps.
public final class TransactionView {
    let store: EventStore
    let now: Timestamp
    let transaction: BorrowedTransaction
    private(set) var isOpen = true
    /// What the commit will leave behind.
    var state: StoreState
    /// Entries that are not in their tables yet; what bears on lookups of them is in the two maps.
    var batch: IndexBatch
    var pendingIDs: [EventID: Serial] = [:]
    var pendingAddresses: [EventAddress: Serial] = [:]
    /// Room for making the body of a record.
    var packed: [UInt8] = []
    /// Hashes of pending tags, as far as they were asked for.
    private var pendingNames: Set<UInt64> = []
    private var namesRead = 0
    /// Serials below this one have their entries in the tables.
    private(set) var flushedBelow: Serial
    /// What may still be added.
    var room: StoreRoom
    /// What events add to sketches, and how many that are counted there were removed.
    var sketches = SketchBatch()
    var staleSketches: UInt64 = 0
    /// What events change in trees.
    var trees = TreeBatch()
    /// What they change in groups.
    var groups = GroupBatch()
    /// Gathers the words of events.
    var words = WordKeys()
    /// How far each derived table is filled.
    var built: [BuildState]
    /// The first serial of this transaction.
    let first: Serial

    var schema: StoreSchema { store.schema }
    var maker: KeyMaker { store.maker }

    init(_ store: EventStore, _ transaction: BorrowedTransaction, now: Timestamp) throws(StoreError) {
        self.store = store
        self.now = now
        self.transaction = transaction
        state = try transaction.state(store.schema)
        first = state.nextSerial
        flushedBelow = state.nextSerial
        batch = IndexBatch(base: state.nextSerial)
        room = try StoreRoom(store.environment)
        built = try DerivedTable.allCases.map { derived throws(StoreError) in
            try transaction.buildState(derived, store.schema)
        }
        guard store.indexesWords, built[DerivedTable.search.rawValue] != .nothing else { return }
        // A transaction may write each of its pages anew, and what it copied is free again only later.
        if try !room.canSpare(transaction.bytes(of: schema[.word])) { try giveUpWords() }
    }

    func close() { isOpen = false }

    func checkOpen() { precondition(isOpen, "a transaction's view was used after the transaction") }

    func isBuilt(_ derived: DerivedTable, for serial: Serial) -> Bool {
        if derived == .search, !store.indexesWords { return false }
        if derived == .tree, store.trees.isEmpty { return false }
        if derived == .group, store.groups == nil { return false }
        return schema[derived] != nil && built[derived.rawValue].covers(serial)
    }

    /// Brings the index tables up to date, so that queries see this transaction's events.
    func flush() throws(StoreError) {
        guard batch.count > 0 else { return }
        try batch.flush(to: transaction, schema, next: state.nextSerial)
        if let table = schema[.sketch] { try sketches.flush(to: transaction, table) }
        try flushSums(.tree)
        try flushSums(.group)
        pendingIDs.removeAll(keepingCapacity: true)
        pendingAddresses.removeAll(keepingCapacity: true)
        pendingNames.removeAll(keepingCapacity: true)
        namesRead = 0
        flushedBelow = state.nextSerial
    }

    /// A tree that lacks what it should have is damaged: all of its table are made anew, and nobody's write fails for it.
    private func flushSums(_ derived: DerivedTable) throws(StoreError) {
        guard let table = schema[derived] else { return }
        do throws(StoreError) {
            if derived == .tree {
                try trees.flush(to: transaction, table, maker)
            } else {
                try groups.flush(to: transaction, table, maker)
            }
        } catch {
            guard case .corrupt = error else { throw error }
            try dropSums(derived)
        }
    }

    /// Empties trees or groups, so that they are made anew.
    func dropSums(_ derived: DerivedTable) throws(StoreError) {
        try transaction.dropSums(derived, schema)
        if derived == .tree { trees = TreeBatch() } else { groups = GroupBatch() }
        built[derived.rawValue] = .nothing
    }

    /// The index of words gives way while it might be in the way of deletions: it is made anew when there is room.
    private func giveUpWords() throws(StoreError) {
        try transaction.empty(schema[.word])
        try transaction.delete(schema.meta, DerivedTable.search.builtKey.span)
        built[DerivedTable.search.rawValue] = .nothing
    }

    func serial(of id: EventID) throws(StoreError) -> Serial? {
        checkOpen()
        if let pending = pendingIDs[id] { return pending }
        return try transaction.serial(of: id, schema, maker)
    }

    func serial(at address: EventAddress) throws(StoreError) -> Serial? {
        checkOpen()
        if let pending = pendingAddresses[address] { return pending }
        return try transaction.serial(at: address, schema, maker)
    }

    func isNamed(
        _ value: TagValue, by letters: [UInt8], ignoring kinds: [Kind], within room: Int
    ) throws(StoreError) -> Bool {
        checkOpen()
        if try isPendingNamed(value, by: letters, ignoring: kinds, within: room) { return true }
        return try transaction.isNamed(
            value, by: letters, ignoring: kinds, within: room, schema, maker)
    }

    private func isPendingNamed(
        _ value: TagValue, by letters: [UInt8], ignoring kinds: [Kind], within room: Int
    ) throws(StoreError) -> Bool {
        let transaction = transaction
        for letter in letters {
            for serial in pending(letter, value, ignoringKinds: { kinds.contains(Kind($0)) }) {
                guard let record = try transaction.record(serial, schema) else { continue }
                let text = try record.text()
                if EventKeys.hasTag(letter, value, record.layout, text.json, within: room) { return true }
            }
        }
        return false
    }

    /// Events whose entries are not in their tables yet and that probably have this tag; of letters that are
    /// indexed by kind.
    private func pending(
        _ letter: UInt8, _ value: TagValue, ignoringKinds isIgnored: (UInt16) -> Bool
    ) -> [Serial] {
        let entries = batch.pending[IndexTable.tagKind.rawValue]
        while namesRead < entries.count {
            pendingNames.insert(entries[namesRead].value.prefix)
            namesRead += 1
        }
        let hash = maker.tag(letter, value.bytes.span)
        guard pendingNames.contains(hash) else { return [] }
        return batch.serials(hash, in: .tagKind, ignoringKinds: isIgnored)
    }

    /// Whether an event whose entries are not in their tables yet may match.
    private func mayBePending(_ filter: Filter) -> Bool {
        for condition in filter.tags where KeyMaker.isIndexedByKind(condition.letter) {
            let isPossible = condition.values.contains { value in
                !pending(
                    condition.letter, value,
                    ignoringKinds: { kind in filter.kinds.map { !$0.contains(Kind(kind)) } ?? false }
                ).isEmpty
            }
            if !isPossible { return false }
        }
        return true
    }
}

// MARK: - What others may ask

extension TransactionView {
    /// Whether an event is stored.
    public func contains(_ id: EventID) throws(StoreError) -> Bool { try serial(of: id) != nil }

    /// The stored event of an id.
    public func event(_ id: EventID) throws(StoreError) -> Event? {
        guard let serial = try serial(of: id) else { return nil }
        let transaction = transaction
        return try transaction.record(serial, schema)?.event()
    }

    /// The newest stored event at an address.
    public func event(at address: EventAddress) throws(StoreError) -> Event? {
        guard let serial = try serial(at: address) else { return nil }
        let transaction = transaction
        return try transaction.record(serial, schema)?.event()
    }

    /// The kind of a stored event.
    public func kind(of id: EventID) throws(StoreError) -> Kind? {
        guard let serial = try serial(of: id) else { return nil }
        let transaction = transaction
        return try transaction.record(serial, schema)?.kind
    }

    /// Whether an event is stored at an address.
    public func contains(_ address: EventAddress) throws(StoreError) -> Bool {
        try serial(at: address) != nil
    }

    /// Whether a stored event of another kind than `ignoring` names this id in an `e`, `E` or `q` tag that is
    /// among the first `within` of the tags that name others.
    public func isReferenced(
        _ id: EventID, ignoring kinds: [Kind] = [], within room: Int = .max
    ) throws(StoreError) -> Bool {
        try isNamed(TagValue(id.hex), by: Reference.idLetters, ignoring: kinds, within: room)
    }

    /// The same for an address in an `a`, `A` or `q` tag.
    public func isReferenced(
        _ address: EventAddress, ignoring kinds: [Kind] = [], within room: Int = .max
    ) throws(StoreError) -> Bool {
        try isNamed(address.text, by: Reference.addressLetters, ignoring: kinds, within: room)
    }

    /// The first events that match, newest first; expired ones are not there.
    public func events(matching filter: Filter, limit: Int) throws(StoreError) -> [Event] {
        checkOpen()
        // Entries that are still to be deleted do no harm: they lead to records that are gone.
        if mayBePending(filter) { try flush() }
        var walk = QueryWalk(filters: [filter], maxLimit: limit, defaultLimit: limit, now: now)
        walk.begin(at: state)
        return try walk.readAll(transaction, store.context)
    }

    /// The value of one row of a side table.
    public func side(_ table: SideTable, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        checkOpen()
        guard let open = try store.openSide(table) else { return nil }
        let transaction = transaction
        return try transaction.value(open, key.span)?.withUnsafeBufferPointer { Array($0) }
    }
}
