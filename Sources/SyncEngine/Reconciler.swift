// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import EventStore
import NIOConcurrencyHelpers
import Negentropy
import NostrCore
import SyncPlanner

/// Speaks negentropy (NIP-77) for the planner: holds what is here of the filters being reconciled, and takes messages.
///
/// The actor only leaves orders here, which costs nothing; two tasks perform them off it: one gathers, a filter after the
/// other and in pages, and waits while ``SyncEngineLimits/setBytesInTotal`` are held, or lets relays pass whose sets take less than
/// their share; one takes messages, and remembers what was not taken.
final class Reconciler: Sendable {
    /// What is to be done for one reconciliation.
    private enum Order: Sendable {
        case begin(ReconciliationID, SubscriptionID, Filter, frameBytes: Int)
        case take(ReconciliationID, SubscriptionID, TagValue)
        case remember([Event], RelayURL)
    }

    private struct Gathering: Sendable {
        let id: ReconciliationID
        let filter: Filter
        let skipsUnwanted: Bool
    }

    private struct Session: Sendable {
        var set: StoredSet?
        var client: NegentropyClient?
        var link: LinkHandle?
    }

    private struct State {
        var sessions: [ReconciliationID: Session] = [:]
        var waiting: Deque<Gathering> = []
        var heldBytes = 0
        var heldByRelay: [RelayURL: Int] = [:]
        var isFinished = false

        mutating func hold(_ bytes: Int, for relay: RelayURL) {
            heldBytes += bytes
            let held = (heldByRelay[relay] ?? 0) + bytes
            heldByRelay[relay] = held == 0 ? nil : held
        }

        /// The first that there is room for.
        mutating func next(_ limits: SyncEngineLimits) -> Gathering? {
            waiting.removeAll { sessions[$0.id] == nil }
            guard heldBytes <= limits.setBytesInTotal else { return nil }
            let index = waiting.firstIndex {
                heldByRelay[$0.id.link.relay] ?? 0 <= limits.setBytesPerRelay
            }
            return index.map { waiting.remove(at: $0) }
        }
    }

    var wall: Timestamp { reader.clock.wall() }
    let unwanted = NIOLockedValueBox(UnwantedEvents())
    private let reader: StoreReader
    private let mailbox: SyncMailbox
    private let observer: any SyncObserver
    private let limits: SyncEngineLimits
    private let state = NIOLockedValueBox(State())
    /// Rung when something is to be gathered, or may be by now.
    private let room = Bell()
    private let speaking = AsyncStream.makeStream(of: Order.self)

    init(reader: StoreReader, mailbox: SyncMailbox, observer: any SyncObserver, limits: SyncEngineLimits) {
        self.reader = reader
        self.mailbox = mailbox
        self.observer = observer
        self.limits = limits
    }

    // MARK: Orders; the planner bounds how many there are at a time

    func gather(_ id: ReconciliationID, _ filter: Filter, skipsUnwanted: Bool) {
        state.withLockedValue { state in
            state.sessions[id] = Session()
            state.waiting.append(Gathering(id: id, filter: filter, skipsUnwanted: skipsUnwanted))
        }
        room.ring()
    }

    func begin(
        _ id: ReconciliationID, _ session: SubscriptionID, _ filter: Filter, frameBytes: Int,
        over link: LinkHandle
    ) {
        state.withLockedValue { $0.sessions[id]?.link = link }
        speaking.continuation.yield(.begin(id, session, filter, frameBytes: frameBytes))
    }

    func take(_ message: TagValue, of session: SubscriptionID, for id: ReconciliationID) {
        speaking.continuation.yield(.take(id, session, message))
    }

    /// Forgets one, whatever is under way for it.
    func end(_ id: ReconciliationID) {
        state.withLockedValue { state in
            let bytes = state.sessions.removeValue(forKey: id)?.set?.heldBytes ?? 0
            state.hold(-bytes, for: id.link.relay)
        }
        room.ring()
    }

    func remember(_ events: [Event], of relay: RelayURL) {
        speaking.continuation.yield(.remember(events, relay))
    }

    func finish() {
        state.withLockedValue { $0.isFinished = true }
        room.ring()
        speaking.continuation.finish()
    }

    // MARK: Work

    /// Gathers until ``finish()`` or cancellation.
    func runGathering() async throws {
        while !Task.isCancelled, !state.withLockedValue(\.isFinished) {
            guard let next = state.withLockedValue({ $0.next(limits) }) else {
                await room.wait()
                continue
            }
            let (id, now) = (next.id, reader.clock.wall())
            let added =
                next.skipsUnwanted
                ? unwanted.withLockedValue { $0.items(of: id.link.relay, matching: next.filter, at: now) }
                : []
            let found = try await reader.set(of: next.filter, adding: added, at: now) { [state] in
                state.withLockedValue { $0.sessions[id] != nil }
            }
            guard let set = found else {
                mailbox.put(.gathered(id, .tooMany))
                continue
            }
            let isWanted = state.withLockedValue { state in
                guard state.sessions[id] != nil else { return false }
                state.sessions[id]?.set = set
                state.hold(set.heldBytes, for: id.link.relay)
                return true
            }
            if isWanted { mailbox.put(.gathered(id, .set(count: set.count))) }
        }
    }

    /// Takes messages until ``finish()`` or cancellation.
    func runSpeaking() async throws {
        for await order in speaking.stream {
            switch order {
            case .remember(let events, let relay):
                let now = wall
                unwanted.withLockedValue { unwanted in
                    for event in events { unwanted.insert(event, of: relay, at: now) }
                }
            case .begin(let id, let session, let filter, let frameBytes):
                try await begin(id, session, filter, frameBytes)
            case .take(let id, let session, let message): try await take(id, session, message)
            }
        }
    }

    private func begin(
        _ id: ReconciliationID, _ session: SubscriptionID, _ filter: Filter, _ frameBytes: Int
    ) async throws {
        guard let set = state.withLockedValue({ $0.sessions[id]?.set }) else { return }
        let client = NegentropyClient(limits: NegentropyLimits(frameBytes: frameBytes))
        guard case .success(let first) = try await reader.begin(client, with: set) else {
            return mailbox.put(.reconciliationFailed(id, .changed))
        }
        let link = state.withLockedValue { state in
            state.sessions[id]?.client = client
            return state.sessions[id]?.link
        }
        guard let link else { return }
        let text = Self.text(first)
        link.send(.negentropyOpen(session, filter, text))
        observer.reconciling(id.link.relay, rounds: 0, sent: text.bytes.count, received: 0)
    }

    private func take(_ id: ReconciliationID, _ session: SubscriptionID, _ message: TagValue) async throws {
        let held = state.withLockedValue { state in
            // One owner, so that what it remembers is not copied.
            (state.sessions[id]?.set, state.sessions[id]?.client.take(), state.sessions[id]?.link)
        }
        guard let set = held.0, let client = held.1, let link = held.2 else { return }
        let digits = message.bytes
        guard let bytes = Hex.decode(digits.span, count: digits.count / 2, anyCase: true) else {
            return mailbox.put(.reconciliationFailed(id, .malformed))
        }
        let (after, result) = try await reader.take(bytes, by: client, with: set)
        var sent = 0
        defer {
            observer.reconciling(id.link.relay, rounds: 1, sent: sent, received: message.bytes.count)
        }
        switch result {
        case .failure(let fault): mailbox.put(.reconciliationFailed(id, ReconciliationFault(fault)))
        case .success(let step):
            let isWanted = state.withLockedValue { state in
                state.sessions[id]?.client = after
                return state.sessions[id] != nil
            }
            guard isWanted else { return }
            // Told before it is sent: the answer must find somebody who waits for it.
            mailbox.put(.reconciled(id, need: step.need, isDone: step.message == nil))
            guard let next = step.message else { return }
            let text = Self.text(next)
            sent = text.bytes.count
            link.send(.negentropyMessage(session, text))
        }
    }

    private static func text(_ bytes: [UInt8]) -> TagValue {
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        Hex.append(bytes, to: &text)
        return TagValue(bytes: text)
    }
}

extension ReconciliationFault {
    fileprivate init(_ fault: SetFault) {
        switch fault {
        case .changed: self = .changed
        case .message(.version), .message(.notNegentropy): self = .version
        case .message(.endless): self = .endless
        case .message: self = .malformed
        }
    }
}
