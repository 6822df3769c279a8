// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import SyncPlanner

/// One conversation as the engine holds it: what it says goes to the mailbox, no faster than that is emptied.
///
/// Reading stops for two reasons, and goes on when neither holds: the planner waits for verdicts, or the
/// mailbox holds ``SyncEngineLimits/mailboxBytesPerLink`` of this link, or its share of
/// ``SyncEngineLimits/mailboxBytesInTotal`` when that is reached.
final class LinkHandle: Sendable {
    let id: LinkID
    let namer: Namer

    private struct State {
        var connection: (any UpstreamConnection)?
        var waitingBytes = 0
        var plannerPaused = false
        var mailboxPaused = false
        var isOver = false
        /// What the connection was told last: whether it is paused.
        var toldPaused = false
        /// Whether some thread is telling it.
        var isTelling = false
    }

    private let state = NIOLockedValueBox(State())
    private let mailbox: SyncMailbox
    private let observer: any SyncObserver
    private let bytesMax: Int

    init(
        _ id: LinkID, namedBy namer: Namer, mailbox: SyncMailbox, observer: any SyncObserver, bytesMax: Int
    ) {
        self.id = id
        self.namer = namer
        self.mailbox = mailbox
        self.observer = observer
        self.bytesMax = bytesMax
    }

    /// Starts dialling.
    func dial(through connector: any UpstreamConnector) {
        let connection = connector.connect(id.relay, namedBy: namer) { [self] in receive($0) }
        state.withLockedValue { state in state.connection = state.isOver ? nil : connection }
        tellConnection()
    }

    func send(_ message: ClientMessage) { connection?.send([message]) }

    /// Reads what the relay says of itself; the answer comes also when the conversation is over.
    func readInformation(through connector: any UpstreamConnector) {
        connector.readInformation(of: id.relay, namedBy: namer) { [id, mailbox] information in
            mailbox.put(.information(id, information))
        }
    }

    /// The planner has forgotten this link; nothing more is told.
    func hangUp() {
        let connection = state.withLockedValue { state in
            state.isOver = true
            return state.connection.take()
        }
        connection?.close()
    }

    func pause() { update { $0.plannerPaused = true } }
    func resume() { update { $0.plannerPaused = false } }

    private var connection: (any UpstreamConnection)? { state.withLockedValue { $0.connection } }

    private func receive(_ report: UpstreamReport) {
        guard !state.withLockedValue({ $0.isOver }) else { return }
        switch report {
        case .opened: mailbox.put(.linkUp(id))
        case .failed(let failure, let refusal, let detail):
            observer.dialEnded(id.relay, failure: failure, refusal: refusal)
            mailbox.put(.dialFailed(id, failure, detail: detail))
        case .received(let messages, let unreadable, let byteCount):
            observer.received(id.relay, messages: messages.count, unreadable: unreadable, bytes: byteCount)
            put(messages, unreadable, byteCount)
        case .skipping(let byteCount):
            observer.received(id.relay, messages: 0, unreadable: 0, bytes: byteCount)
            put(.skipping(id), costing: 0)
        case .skipped(let event, let byteCount):
            observer.received(id.relay, messages: 1, unreadable: 0, bytes: byteCount)
            put(.skipped(id, event), costing: event.outline?.event.json.count ?? 0)
        case .closed(let end): mailbox.put(.linkDown(id, end))
        }
    }

    /// Puts news into the mailbox that counts as one message of so many bytes.
    private func put(_ news: SyncInput, costing byteCount: Int) {
        let cost = byteCount + SyncEngineLimits.messageOverhead
        update { $0.waitingBytes += cost }
        mailbox.put(news) { [self] in update { $0.waitingBytes -= cost } }
    }

    /// Puts what was read into the mailbox; what could not be read waits there, too, and counts.
    private func put(_ messages: [RelayMessage], _ unreadable: Int, _ byteCount: Int) {
        guard unreadable > 0 || !messages.isEmpty else { return }
        let cost = byteCount + SyncEngineLimits.messageOverhead * max(1, messages.count)
        update { $0.waitingBytes += cost }
        let taken: @Sendable () -> Void = { [self] in update { $0.waitingBytes -= cost } }
        if unreadable > 0 {
            mailbox.put(.unreadable(id, count: unreadable), taken: messages.isEmpty ? taken : nil)
        }
        if !messages.isEmpty { mailbox.put(.received(id, messages), taken: taken) }
    }

    /// Changes the state and tells the connection when that stops or starts the reading.
    private func update(_ change: (inout State) -> Void) {
        state.withLockedValue { state in
            let before = state.waitingBytes
            change(&state)
            mailbox.waiting.changed(from: before, to: state.waitingBytes)
            let bound = mailbox.waiting.share(bytesMax)
            if state.waitingBytes >= max(1, bound) { state.mailboxPaused = true }
            if state.waitingBytes <= bound / 2 { state.mailboxPaused = false }
        }
        tellConnection()
    }

    /// One thread at a time tells the connection, until it knows the latest: two threads that each tell what they have
    /// seen could overtake each other and leave it paused for ever.
    private func tellConnection() {
        while let (connection, isPaused) = state.withLockedValue(Self.news) {
            if isPaused { connection.pauseReading() } else { connection.resumeReading() }
            state.withLockedValue { $0.isTelling = false }
        }
    }

    private static func news(_ state: inout State) -> (any UpstreamConnection, Bool)? {
        let isPaused = state.plannerPaused || state.mailboxPaused
        guard !state.isTelling, state.toldPaused != isPaused, let connection = state.connection else {
            return nil
        }
        state.isTelling = true
        state.toldPaused = isPaused
        return (connection, isPaused)
    }
}
