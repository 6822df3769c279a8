// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport

@testable import EventStore

/// A store in a directory of its own that goes with it.
final class TemporaryStore {
    let directory: TemporaryDirectory
    var options: StoreOptions
    private var access: WriteAccess?
    private var held: EventStore?

    init(_ change: (inout StoreOptions) -> Void = { _ in }) throws {
        directory = try TemporaryDirectory()
        options = StoreOptions(path: directory.path + "/store", mapSize: 1 << 30)
        options.durability = .relaxed
        // As users have it: whatever is tested has to keep a tree in step, and groups.
        options.trees = [NegentropyTree(Filter())]
        options.groups = RepositoryGroups()
        change(&options)
        let opened = try EventStore.open(options)
        held = opened.store
        access = opened.takeWriter()
    }

    var store: EventStore {
        guard let held else { preconditionFailure("the store is closed") }
        return held
    }

    /// Writes in one transaction at a moment.
    @discardableResult
    func write<R>(
        at now: Int64 = 1_700_000_000, _ body: (inout StoreWriter) throws(StoreError) -> R
    ) throws(StoreError) -> (R, Commit?) {
        try access!.transaction(now: Timestamp(now), body)
    }

    /// Puts events one by one, each in a transaction of its own.
    @discardableResult
    func put(_ events: Event..., at now: Int64 = 1_700_000_000) throws -> [WriteOutcome] {
        try put(events, at: now)
    }

    @discardableResult
    func put(_ events: [Event], at now: Int64 = 1_700_000_000) throws -> [WriteOutcome] {
        try events.map { event in
            try write(at: now) { writer throws(StoreError) in try writer.put(event) }.0
        }
    }

    /// Puts events in one transaction.
    @discardableResult
    func putTogether(_ events: [Event], at now: Int64 = 1_700_000_000) throws -> [WriteOutcome] {
        try write(at: now) { writer throws(StoreError) in
            var outcomes: [WriteOutcome] = []
            for event in events { outcomes.append(try writer.put(event)) }
            return outcomes
        }.0
    }

    /// Everything stored and not expired, newest first.
    func all(at now: Int64 = 1_700_000_000) throws -> [Event] {
        try store.events(matching: [Filter()], now: Timestamp(now))
    }

    /// Lets go of the store and its lock.
    func close() {
        access = nil
        held = nil
    }

    /// Opens the store again.
    func reopen(_ change: (inout StoreOptions) -> Void = { _ in }) throws {
        close()
        change(&options)
        let opened = try EventStore.open(options)
        held = opened.store
        access = opened.takeWriter()
    }
}
