// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import EventStore
import NIOConcurrencyHelpers
import NostrCore

/// Keeps the lists: those of management in the store, those of the configuration beside them.
///
/// A change is on the disk before it is answered, and in force by then: at the door, and with everybody who observes.
public final class Moderation: Sendable {
    /// Where the lists of management are kept.
    static let table = SideTable("moderation")

    private struct State {
        var lists: ModerationLists
        var observers: [@Sendable (ModerationLists) -> Void] = []
    }

    let ingest: Ingest
    let limits: ModerationLimits
    private let state: NIOLockedValueBox<State>
    private let telling = NIOLock()

    /// - Parameter lists: as ``ModerationLists/init(configured:in:)`` has read them.
    public init(_ lists: ModerationLists, ingest: Ingest, limits: ModerationLimits = ModerationLimits()) {
        self.ingest = ingest
        self.limits = limits
        state = NIOLockedValueBox(State(lists: lists))
        ingest.adopt(lists)
    }

    /// The lists in force; from any thread.
    public var lists: ModerationLists { state.withLockedValue(\.lists) }

    /// Tells `observer` of the lists in force now and after every change. It must only take note.
    public func observe(_ observer: @escaping @Sendable (ModerationLists) -> Void) {
        state.withLockedValue { $0.observers.append(observer) }
        telling.withLock { observer(lists) }
    }

    /// Takes the configuration's lists as they are now.
    public func adopt(configured: ModerationSheet) {
        put { $0.configured = configured }
        clear()
    }

    /// Makes a change. When this returns it is on the disk and in force, and a banned event is gone; what a banned key
    /// has stored goes in steps, the first of them before this returns.
    public func apply(_ change: ModerationChange) async throws(ModerationError) {
        let (enter, takeOut) = change.rows
        let lists = lists
        guard takeOut.allSatisfy({ enter == nil ? !lists.configured.has($0) : true }) else {
            throw .isConfigured
        }
        // A ban beats what the configuration allows; nothing beats what it bans.
        if enter?.row.isAllowance == true, takeOut.contains(where: lists.configured.has) {
            throw .isConfigured
        }
        if let enter { try check(enter.row, enter.reason, lists.managed) }
        let rows = [enter.map { $0.row.write($0.reason) }].compactMap { $0 } + takeOut.map { $0.write(nil) }
        let verdicts: [Verdict] = await withCheckedContinuation { waiting in
            // In force in the order in which it was written.
            ingest.submit([], from: .operator, with: rows) { [self] verdicts in
                if verdicts.isEmpty {
                    put { lists in
                        for row in takeOut { lists.managed.set(row, nil) }
                        if let enter { lists.managed.set(enter.row, enter.reason) }
                    }
                }
                waiting.resume(returning: verdicts)
            }
        }
        if case .failed(let reason)? = verdicts.first { throw .failed(reason) }
        await clear(after: change)
    }

    private func check(_ row: ModerationRow, _ reason: String, _ sheet: ModerationSheet)
        throws(ModerationError)
    {
        let isInformation = row == .name || row == .description || row == .icon
        guard reason.utf8.count <= (isInformation ? limits.informationBytes : limits.reasonBytes),
            row.isRepository ? row.key.count <= 1 + limits.patternBytes : true
        else { throw .tooLong }
        guard isInformation || sheet.has(row) || sheet.count < limits.entries else { throw .full }
    }

    /// Puts lists in force: at the door first, then with everybody.
    private func put(_ change: (inout ModerationLists) -> Void) {
        telling.withLock {
            let (lists, observers) = state.withLockedValue { state in
                change(&state.lists)
                return (state.lists, state.observers)
            }
            ingest.adopt(lists)
            for observer in observers { observer(lists) }
        }
    }
}

extension ModerationLists {
    /// The configuration's lists, and those that management has kept in a store.
    public init(configured: ModerationSheet, in store: EventStore) throws(StoreError) {
        self.init(configured: configured)
        var last: [UInt8]?
        while true {
            let rows = try store.sideRows(Moderation.table, after: last, limit: 1_000)
            for (key, value) in rows {
                guard let row = ModerationRow(key: key) else { continue }
                managed.set(row, String(decoding: value, as: UTF8.self))
            }
            guard let end = rows.last else { return }
            last = end.key
        }
    }
}

extension ModerationRow {
    var isRepository: Bool {
        switch self {
        case .allowedRepository, .bannedRepository: true
        default: false
        }
    }

    /// Whether it lets something in that a ban would keep out.
    var isAllowance: Bool {
        switch self {
        case .allowedPubkey, .allowedEvent, .allowedKind, .allowedRepository: true
        case .bannedPubkey, .bannedEvent, .bannedKind, .bannedRepository, .blockedAddress: false
        case .name, .description, .icon: false
        }
    }
}
