// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import EventStore
public import Ingest
import NIOConcurrencyHelpers
import NostrCore

/// What the bridge knows, in the relay's own store: every change is one transaction, on the disk when it is answered.
///
/// A change is worked out from what is stored and written on the condition that it still is (`requiring`); where somebody
/// was faster it is worked out anew. Nothing is held while a change waits for the disk, and nobody waits for the network
/// with anything in hand. Reads are from the latest commit, bounded, and block for microseconds.
public final class BridgeStore: Sendable {
    let store: EventStore
    let ingest: Ingest
    let limits: BridgeStoreLimits
    /// **Milliseconds** since 1970.
    let now: @Sendable () -> Int64
    let seal: TokenSeal?
    /// For tests: what befalls the process at a submission.
    let fault: @Sendable () -> SubmissionFault
    private let bells = NIOLockedValueBox<[@Sendable (BridgeNews) -> Void]>([])

    /// - Parameters:
    ///   - store: opened with ``BridgeTables/all``.
    ///   - now: **milliseconds** since 1970.
    ///   - seal: encrypts tokens; without one, credentials cannot be kept.
    public convenience init(
        store: EventStore, ingest: Ingest, now: @escaping @Sendable () -> Int64, seal: TokenSeal? = nil,
        limits: BridgeStoreLimits = BridgeStoreLimits()
    ) {
        self.init(store: store, ingest: ingest, now: now, seal: seal, limits: limits) { .none }
    }

    init(
        store: EventStore, ingest: Ingest, now: @escaping @Sendable () -> Int64, seal: TokenSeal?,
        limits: BridgeStoreLimits, fault: @escaping @Sendable () -> SubmissionFault
    ) {
        self.fault = fault
        self.store = store
        self.ingest = ingest
        self.now = now
        self.seal = seal
        self.limits = limits
    }

    /// Tells `observer` what there is to do, after it is on the disk. It must only take note.
    public func observe(_ observer: @escaping @Sendable (BridgeNews) -> Void) {
        bells.withLockedValue { $0.append(observer) }
    }

    func tell(_ news: BridgeNews) {
        for bell in bells.withLockedValue({ $0 }) { bell(news) }
    }

    // MARK: Writing

    /// Works a change out and writes it; again, when somebody was faster.
    func change<Result>(
        _ work: (inout Draft) throws(BridgeStoreError) -> Result
    ) async throws(BridgeStoreError) -> Result {
        try await changeEvents(work).result
    }

    /// The same, with the verdicts on its events.
    func changeEvents<Result>(
        _ work: (inout Draft) throws(BridgeStoreError) -> Result
    ) async throws(BridgeStoreError) -> (result: Result, verdicts: [Verdict]) {
        for _ in 0..<max(1, limits.attempts) {
            var draft = Draft(store, limits: limits, now: now())
            let result = try work(&draft)
            if draft.isEmpty { return (result, []) }
            try draft.checkSize()
            let fault = fault()
            if fault == .before { throw .failed("the process ends here") }
            let verdicts = await ingest.submit(
                draft.events.map { ParsedEvent(event: $0) }, from: .bridge, with: draft.rows,
                requiring: draft.requirements)
            if fault == .after { throw .failed("the process ends here") }
            if verdicts.contains(.conflict) { continue }
            for case .failed(let reason) in verdicts {
                throw Verdict.failed(reason) == .busy ? .busy : .failed(reason)
            }
            // Events that were known before say nothing about the rows.
            if !verdicts.isEmpty, !verdicts.contains(where: \.isStored), try !isWritten(draft.rows) {
                continue
            }
            return (result, verdicts)
        }
        throw .busy
    }

    private func isWritten(_ rows: [SideWrite]) throws(BridgeStoreError) -> Bool {
        for row in rows {
            let value = try readingStore { () throws(StoreError) in try store.side(row.table, key: row.key) }
            if value != row.value { return false }
        }
        return true
    }

    // MARK: Reading

    func read<Value>(_ place: RowPlace<Value>) throws(BridgeStoreError) -> Value? {
        guard let row = try value(place.table, place.key) else { return nil }
        return try RowCodec.decode(row, as: Value.self)
    }

    func value(_ table: SideTable, _ key: RowKey) throws(BridgeStoreError) -> [UInt8]? {
        try readingStore { () throws(StoreError) in try store.side(table, key: key.bytes) }
    }

    /// Rows whose keys begin so, behind `after`.
    func rows(
        _ table: SideTable, _ prefix: RowKey, after: [UInt8]? = nil, limit: Int
    ) throws(BridgeStoreError) -> [(key: [UInt8], value: [UInt8])] {
        try readingStore { () throws(StoreError) in
            try store.sideRows(table, prefix: prefix.bytes, after: after, limit: min(limit, limits.page))
        }
    }

    /// The same, decoded.
    func values<Value: Codable>(
        _ table: SideTable, _ prefix: RowKey, after: RowKey? = nil, limit: Int, as: Value.Type
    ) throws(BridgeStoreError) -> [Value] {
        var values: [Value] = []
        for row in try rows(table, prefix, after: after?.bytes, limit: limit) {
            values.append(try RowCodec.decode(row.value, as: Value.self))
        }
        return values
    }
}

extension Verdict {
    fileprivate var isStored: Bool { if case .stored = self { true } else { false } }
}

/// An end of the process that a test wants.
enum SubmissionFault: Hashable, Sendable {
    case none
    /// Before anything is handed in.
    case before
    /// Once it is on the disk, before anybody knows.
    case after
}

/// That there is something to do.
public enum BridgeNews: Hashable, Sendable {
    /// Posts are to be mirrored.
    case todo
    /// Events are to be sent to further relays.
    case outbox
    /// Jobs of a queue are ready.
    case jobs(queue: String)
    /// Something waits for a decision, or was decided.
    case moderation
    /// Media are to be fetched.
    case media
    /// An account was added, changed or removed.
    case accounts
    /// Somebody was appointed or dismissed.
    case moderators
}
