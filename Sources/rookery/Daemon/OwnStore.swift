// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest

/// A store that this process alone writes to, with the one door before it.
struct OwnStore {
    let store: EventStore
    let ingest: Ingest
    /// Who and what is kept out.
    let moderation: Moderation
    private let lock: DirectoryLock

    /// Makes the data directory when missing, takes its lock and opens the store.
    ///
    /// - Throws: ``DirectoryLock/Held`` when another process has it.
    init(
        _ settings: Settings, tables: [SideTable] = [], limits: IngestLimits = IngestLimits(),
        consultant: (any EventConsultant)? = nil, observer: some IngestObserver = SilentObserver()
    ) throws {
        try settings.directory.create()
        lock = try DirectoryLock(settings.directory)
        let opened = try Self.named(settings.directory) { () throws(StoreError) in
            try EventStore.open(settings.storeOptions(tables: tables + Ingest.sideTables))
        }
        store = opened.store
        let lists = try Self.named(settings.directory) { [store] () throws(StoreError) in
            try ModerationLists(configured: settings.relay.policy.sheet, in: store)
        }
        ingest = Ingest(
            writer: opened.takeWriter(), store: store, admission: settings.admission(lists), limits: limits,
            now: SystemClocks.now, uptime: SystemClocks.uptime, consultant: consultant,
            observer: observer)
        moderation = Moderation(lists, ingest: ingest)
    }

    /// Answers what is inside the door, then gives the directory free.
    ///
    /// - Returns: why the last writes may not be on the disk.
    @discardableResult
    consuming func close() async -> String? { await ingest.shutdown() }

    /// The store for reading alone; another process may be writing it.
    static func readOnly(_ settings: Settings) throws -> EventStore {
        try settings.directory.checkDirectory()
        return try named(settings.directory) { () throws(StoreError) in
            try EventStore.openReadOnly(settings.storeOptions())
        }
    }

    /// Says which directory's store failed.
    private static func named<Value: ~Copyable>(
        _ directory: DataDirectory, _ body: () throws(StoreError) -> Value
    ) throws(CommandFailure) -> Value {
        do { return try body() } catch { throw CommandFailure("\(directory.path): \(error)") }
    }
}
