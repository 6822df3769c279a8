// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import SyncEngine
import SyncPlanner

/// The socket of one conversation, no faster than whoever listens.
///
/// Reading stops for two reasons, and goes on when neither holds: the course waits for our own door, or more than
/// ``waitingBytes`` wait for the course.
final class StreamSocket: Sendable {
    /// **Bytes** of messages that wait; those of one read more may.
    static let waitingBytes = 1 << 20

    private struct State {
        var connection: (any UpstreamConnection)?
        var waiting = 0
        var isPaused = false
        /// What the connection was told last.
        var toldPaused = false
        /// Whether some thread is telling it.
        var isTelling = false
        var isOver = false
    }

    private let state = NIOLockedValueBox(State())

    /// Starts dialling; `report` is told of everything, and with it what it holds of ``waitingBytes``.
    func dial(
        _ relay: RelayURL, through connector: any UpstreamConnector,
        report: @escaping @Sendable (UpstreamReport, Int) -> Void
    ) {
        let connection = connector.connect(relay, namedBy: .operator) { [self] news in
            var bytes = 0
            if case .received(let messages, let unreadable, let byteCount) = news {
                bytes = byteCount + 512 * (messages.count + unreadable)
                update { $0.waiting += bytes }
            }
            report(news, bytes)
        }
        let isOver = state.withLockedValue { state in
            if !state.isOver { state.connection = connection }
            return state.isOver
        }
        if isOver { connection.close() }
        tell()
    }

    func send(_ message: ClientMessage) { state.withLockedValue { $0.connection }?.send([message]) }
    func pause() { update { $0.isPaused = true } }
    func resume() { update { $0.isPaused = false } }
    func taken(_ bytes: Int) { update { $0.waiting -= bytes } }

    func hangUp() {
        state.withLockedValue { state in
            state.isOver = true
            return state.connection.take()
        }?.close()
    }

    private func update(_ change: (inout State) -> Void) {
        state.withLockedValue { change(&$0) }
        tell()
    }

    /// One thread at a time, until the connection knows the latest.
    private func tell() {
        while let (connection, isPaused) = state.withLockedValue(Self.news) {
            if isPaused { connection.pauseReading() } else { connection.resumeReading() }
            state.withLockedValue { $0.isTelling = false }
        }
    }

    private static func news(_ state: inout State) -> (any UpstreamConnection, Bool)? {
        let isPaused = state.isPaused || state.waiting > waitingBytes
        guard !state.isTelling, state.toldPaused != isPaused, let connection = state.connection else {
            return nil
        }
        state.isTelling = true
        state.toldPaused = isPaused
        return (connection, isPaused)
    }
}
