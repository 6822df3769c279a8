// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NostrCore
import RelayTransport

/// Our end of one conversation with a further relay, for callers on any thread.
///
/// Not read from while as many messages as ``PostingLimits/waitingMessages`` wait to be looked at.
final class OutboxSocket: Sendable {
    private struct State {
        var connection: NIOLoopBound<WebSocketConnection>?
        var waiting = 0
        var isPaused = false
        var isClosed = false
    }

    private let state = NIOLockedValueBox(State())
    private let loop: any EventLoop
    private let most: Int
    private let report: @Sendable (OutboxCourse.Heard, OutboxSocket) -> Void

    init(
        limits: PostingLimits, on loop: any EventLoop,
        report: @escaping @Sendable (OutboxCourse.Heard, OutboxSocket) -> Void
    ) {
        most = max(1, limits.waitingMessages)
        self.loop = loop
        self.report = report
    }

    func dial(_ relay: RelayURL, through dialer: Dialer) async {
        do throws(DialError) {
            try await dialer.dial(relay, trust: .operatorNamed, on: loop) { OutboxPeer(self) }
        } catch {
            hear(.ended("it could not be reached: \(error)"))
        }
    }

    func send(_ message: ClientMessage) {
        guard let connection = state.withLockedValue({ $0.connection }) else { return }
        loop.execute {
            var text: [UInt8] = []
            message.appendJSON(to: &text)
            connection.value.send(text.span)
            connection.value.flush()
        }
    }

    func close() {
        let connection = state.withLockedValue { state in
            state.isClosed = true
            return state.connection.take()
        }
        if let connection { loop.execute { connection.value.close(.normal, reason: "") } }
    }

    /// Tells whoever listens.
    func hear(_ heard: OutboxCourse.Heard) {
        let pauses = state.withLockedValue { state -> NIOLoopBound<WebSocketConnection>? in
            state.waiting += 1
            guard state.waiting >= most, !state.isPaused else { return nil }
            state.isPaused = true
            return state.connection
        }
        if let pauses { loop.execute { pauses.value.pauseReading() } }
        report(heard, self)
    }

    /// One of what was told was looked at.
    func taken() {
        let resumes = state.withLockedValue { state -> NIOLoopBound<WebSocketConnection>? in
            state.waiting -= 1
            guard state.waiting <= most / 2, state.isPaused else { return nil }
            state.isPaused = false
            return state.connection
        }
        if let resumes { loop.execute { resumes.value.resumeReading() } }
    }

    fileprivate func opened(_ connection: WebSocketConnection) {
        let bound = NIOLoopBound(connection, eventLoop: loop)
        let isClosed = state.withLockedValue { state in
            if !state.isClosed { state.connection = bound }
            return state.isClosed
        }
        if isClosed { connection.close(.normal, reason: "") } else { hear(.opened) }
    }

    fileprivate func ended(_ reason: CloseReason) {
        state.withLockedValue { $0.connection = nil }
        hear(.ended(Self.words(reason)))
    }

    private static func words(_ reason: CloseReason) -> String {
        switch reason {
        case .closedByPeer: "it hung up"
        case .closedHere: "we hung up"
        case .violation: "it broke the protocol"
        case .tooSlow: "it reads too slowly"
        case .silent, .unfinishedMessage: "it fell silent"
        case .lost: "the connection was lost"
        }
    }
}

/// Hears what matters to a sender: answers and challenges.
private final class OutboxPeer: WebSocketPeer {
    private let socket: OutboxSocket

    init(_ socket: OutboxSocket) { self.socket = socket }

    func opened(_ connection: WebSocketConnection) { socket.opened(connection) }

    func received(_ message: Span<UInt8>) {
        guard let message = try? RelayMessage.parse(message) else { return }
        switch message {
        case .ok, .authChallenge: socket.hear(.message(message))
        default: break
        }
    }

    func readBurstEnded() {}
    func writabilityChanged(_ isWritable: Bool) {}
    func closed(_ reason: CloseReason) { socket.ended(reason) }
}
