// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import Negentropy
import NostrCore

/// What a filter matches, as a set that can be reconciled (NIP-77).
public struct StoredSet: Sendable {
    /// How many items there were when it was made.
    public let count: Int
    private let source: Source

    private enum Source: Sendable {
        /// Held in memory.
        case array(NegentropyArray)
        /// Read from sums in every message.
        case kept(KeptSet)
    }

    init(_ items: NegentropyArray) {
        count = items.count
        source = .array(items)
    }

    init(_ kept: KeptSet, count: Int) {
        self.count = count
        source = .kept(kept)
    }

    /// **Bytes** of memory that the value holds.
    public var heldBytes: Int {
        switch source {
        case .array(let items): items.count * MemoryLayout<NegentropyItem>.stride
        case .kept(let kept): kept.heldBytes
        }
    }

    /// Whether the store keeps its sums.
    public var isKept: Bool { if case .kept = source { true } else { false } }

    /// What a relay says to a client's message.
    ///
    /// - Throws: ``StoreError/changed`` when the set can no longer be told and has to be made anew.
    public func answer(
        _ message: [UInt8], by server: NegentropyServer, from store: EventStore
    ) throws(ReconciliationError<StoreError>) -> [UInt8] {
        try read(store, .answer(server, message)).message ?? []
    }

    /// A client's first message.
    ///
    /// - Throws: the same.
    public func begin(
        _ client: NegentropyClient, from store: EventStore
    ) throws(ReconciliationError<StoreError>) -> [UInt8] {
        try read(store, .begin(client)).message ?? []
    }

    /// What follows for a client from a relay's message.
    ///
    /// - Throws: the same.
    public func take(
        _ message: [UInt8], by client: inout NegentropyClient, from store: EventStore
    ) throws(ReconciliationError<StoreError>) -> NegentropyClient.Step {
        let outcome = try read(store, .take(client, message))
        client = outcome.client ?? client
        return NegentropyClient.Step(message: outcome.message, have: outcome.have, need: outcome.need)
    }

    private func read(
        _ store: EventStore, _ turn: ReconciliationTurn
    ) throws(ReconciliationError<StoreError>) -> ReconciliationTurn.Outcome {
        switch source {
        case .array(let items):
            do throws(ReconciliationError<Never>) { return try turn.perform(on: items) } catch {
                switch error {
                case .message(let fault): throw .message(fault)
                }
            }
        case .kept(let kept): return try kept.read(store, turn)
        }
    }
}

/// What is done with a set in one turn, whatever storage it has.
enum ReconciliationTurn {
    case answer(NegentropyServer, [UInt8])
    case begin(NegentropyClient)
    case take(NegentropyClient, [UInt8])

    /// What came of it.
    struct Outcome {
        /// What to send; `nil` when there is nothing more to say.
        var message: [UInt8]?
        var have: [EventID] = []
        var need: [EventID] = []
        /// The client after its step.
        var client: NegentropyClient?
    }

    func perform<Storage: NegentropyStorage>(
        on storage: Storage
    ) throws(ReconciliationError<Storage.Failure>) -> Outcome {
        switch self {
        case .answer(let server, let message):
            return Outcome(message: try server.answer(message, from: storage))
        case .begin(let client): return Outcome(message: try client.begin(from: storage))
        case .take(var client, let message):
            let step = try client.take(message, with: storage)
            return Outcome(message: step.message, have: step.have, need: step.need, client: client)
        }
    }
}
