// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import Negentropy
import NostrCore
import SyncPlanner

/// Speaks negentropy (NIP-77) for the planner: holds what is here of the filters being reconciled, and takes messages.
///
/// The actor only leaves orders here, which costs nothing; two tasks perform them off it: one gathers, a filter after the
/// other and in pages, and waits while ``SyncEngineLimits/setBytesInTotal`` are held; one takes messages.
final class Reconciler: Sendable {
    /// What is to be done for one reconciliation.
    private enum Order: Sendable {
        case gather(ReconciliationID, Filter, skipsUnwanted: Bool)
        case begin(ReconciliationID, SubscriptionID, Filter, frameBytes: Int)
        case take(ReconciliationID, SubscriptionID, TagValue)
    }

    private struct Session: Sendable {
        var set: StoredSet?
        var client: NegentropyClient?
        var link: LinkHandle?
    }

    private struct State {
        var sessions: [ReconciliationID: Session] = [:]
        var heldBytes = 0
    }

    var wall: Timestamp { reader.clock.wall() }
    let unwanted = NIOLockedValueBox(UnwantedEvents())
    private let reader: StoreReader
    private let mailbox: SyncMailbox
    private let observer: any SyncObserver
    private let limits: SyncEngineLimits
    private let state = NIOLockedValueBox(State())
    private let room = FollowerBell()
    private let gathering = AsyncStream.makeStream(of: Order.self)
    private let speaking = AsyncStream.makeStream(of: Order.self)

    init(reader: StoreReader, mailbox: SyncMailbox, observer: any SyncObserver, limits: SyncEngineLimits) {
        self.reader = reader
        self.mailbox = mailbox
        self.observer = observer
        self.limits = limits
    }

    // MARK: Orders; the planner bounds how many there are at a time

    func gather(_ id: ReconciliationID, _ filter: Filter, skipsUnwanted: Bool) {
        state.withLockedValue { $0.sessions[id] = Session() }
        gathering.continuation.yield(.gather(id, filter, skipsUnwanted: skipsUnwanted))
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
            state.heldBytes -= state.sessions.removeValue(forKey: id)?.set?.heldBytes ?? 0
        }
        room.ring()
    }

    func finish() {
        gathering.continuation.finish()
        speaking.continuation.finish()
    }

    // MARK: Work

    /// Gathers until ``finish()`` or cancellation.
    func runGathering() async throws {
        for await order in gathering.stream {
            guard case .gather(let id, let filter, let skipsUnwanted) = order else { continue }
            while state.withLockedValue({ $0.heldBytes }) > limits.setBytesInTotal, !Task.isCancelled {
                await room.wait()
            }
            guard state.withLockedValue({ $0.sessions[id] != nil }) else { continue }
            let now = reader.clock.wall()
            let added =
                skipsUnwanted
                ? unwanted.withLockedValue { $0.items(of: id.link.relay, matching: filter, at: now) } : []
            guard let set = try await reader.set(of: filter, adding: added, at: now) else {
                mailbox.put(.gathered(id, .tooMany))
                continue
            }
            let isWanted = state.withLockedValue { state in
                guard state.sessions[id] != nil else { return false }
                state.sessions[id]?.set = set
                state.heldBytes += set.heldBytes
                return true
            }
            if isWanted { mailbox.put(.gathered(id, .set(count: set.count))) }
        }
    }

    /// Takes messages until ``finish()`` or cancellation.
    func runSpeaking() async throws {
        for await order in speaking.stream {
            switch order {
            case .gather: break
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
        guard let bytes = Self.bytes(message) else {
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

    // MARK: Hexadecimal text

    private static func text(_ bytes: [UInt8]) -> TagValue {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return TagValue(bytes: text)
    }

    private static func bytes(_ text: TagValue) -> [UInt8]? {
        guard text.bytes.count.isMultiple(of: 2) else { return nil }
        var (bytes, high): ([UInt8], UInt8?) = ([], nil)
        bytes.reserveCapacity(text.bytes.count / 2)
        for character in text.bytes {
            let digit: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = character - UInt8(ascii: "A") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
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
