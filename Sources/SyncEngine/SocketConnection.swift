// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NostrCore
import RelayTransport

/// Our end of a conversation over a socket, for callers on any thread.
final class SocketConnection: UpstreamConnection {
    private struct State {
        /// `nil` until the conversation is open and after its end.
        var socket: NIOLoopBound<WebSocketConnection>?
        /// Sent once it is open.
        var early: [ClientMessage] = []
        var isPaused = false
        var isClosed = false
        var cancelDial: (@Sendable () -> Void)?
    }

    private let eventLoop: any EventLoop
    private let state = NIOLockedValueBox(State())

    init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func send(_ messages: [ClientMessage]) {
        let socket = state.withLockedValue { state in
            if state.socket == nil, !state.isClosed { state.early += messages }
            return state.socket
        }
        guard let socket else { return }
        eventLoop.execute { Self.write(messages, to: socket.value) }
    }

    func pauseReading() { setPaused(true) }
    func resumeReading() { setPaused(false) }

    func close() {
        let (socket, cancel) = state.withLockedValue { state in
            state.isClosed = true
            state.early = []
            return (state.socket.take(), state.cancelDial.take())
        }
        cancel?()
        guard let socket else { return }
        eventLoop.execute { socket.value.close(.normal, reason: "") }
    }

    /// What ends the dialling; called at once when it is over already.
    func cancelDial(_ cancel: @escaping @Sendable () -> Void) {
        let isClosed = state.withLockedValue { state in
            if !state.isClosed { state.cancelDial = cancel }
            return state.isClosed
        }
        if isClosed { cancel() }
    }

    // MARK: On the event loop

    /// - Returns: `false` when it was closed meanwhile.
    func opened(_ socket: WebSocketConnection) -> Bool {
        let bound = NIOLoopBound(socket, eventLoop: eventLoop)
        let (early, isPaused, isClosed) = state.withLockedValue { state in
            if !state.isClosed { state.socket = bound }
            defer { state.early = [] }
            return (state.early, state.isPaused, state.isClosed)
        }
        if isClosed {
            socket.close(.normal, reason: "")
            return false
        }
        if isPaused { socket.pauseReading() }
        Self.write(early, to: socket)
        return true
    }

    func ended() {
        state.withLockedValue { state in
            state.socket = nil
            state.isClosed = true
        }
    }

    private func setPaused(_ isPaused: Bool) {
        let socket = state.withLockedValue { state in
            state.isPaused = isPaused
            return state.socket
        }
        guard let socket else { return }
        // At once where that can be, so that a pause holds for the rest of a read.
        if eventLoop.inEventLoop { return tell(socket.value) }
        eventLoop.execute { [self] in tell(socket.value) }
    }

    /// What holds by now: callers on two threads may have overtaken each other.
    private func tell(_ socket: WebSocketConnection) {
        if state.withLockedValue({ $0.isPaused }) {
            socket.pauseReading()
        } else {
            socket.resumeReading()
        }
    }

    private static func write(_ messages: [ClientMessage], to socket: WebSocketConnection) {
        var text: [UInt8] = []
        for message in messages {
            text.removeAll(keepingCapacity: true)
            message.appendJSON(to: &text)
            socket.send(text.span)
        }
        socket.flush()
    }
}
