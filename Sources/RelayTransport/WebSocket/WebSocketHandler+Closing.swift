// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// The ways to an end.
extension WebSocketHandler {
    /// This side wants to end.
    func closeHere(_ code: CloseCode, reason: String) {
        guard phase == .open else { return }
        connection.appendClose(code, reason: reason)
        phase = .closing
        finish(.closedHere(code))
        beginClosing()
        connection.flush(promise: nil)
    }

    /// The other side sent a close frame: the first, which is answered, or the answer to ours.
    func closedByPeer(_ code: CloseCode?, reason: String) {
        let isAnswer = phase == .closing
        if !isAnswer { connection.appendClose(code, reason: "") }
        phase = .draining
        finish(.closedByPeer(code, reason: reason))
        beginClosing()
        // The server closes first (RFC 6455 §7.1.1); a client waits for that, but not for ever.
        if connection.role == .server {
            afterFlush { $0.close(promise: nil) }
        } else {
            connection.flush(promise: nil)
        }
    }

    /// The conversation cannot go on: says why, and drops what still arrives.
    ///
    /// A server then ends its direction only, as closing a socket with unread bytes would reset it and the close frame
    /// might never be read.
    func fail(_ reason: CloseReason, code: CloseCode, text: String) {
        guard phase == .open || phase == .closing else { return }
        if phase == .open { connection.appendClose(code, reason: text) }
        phase = .draining
        tally.unfinished.forget(self)
        finish(reason)
        beginClosing()
        if connection.role == .server {
            afterFlush { $0.close(mode: .output, promise: nil) }
        } else {
            afterFlush { $0.close(promise: nil) }
        }
    }

    /// A bound of the outbound queue was passed, or it did not move for too long.
    func readerIsTooSlow() {
        fail(.tooSlow, code: .tryAgainLater, text: "error: too slow")
    }

    private func beginClosing() {
        resumeReading()
        clock.closing(at: eventLoop.now)
        rearm()
    }

    private func afterFlush(_ action: @escaping @Sendable (any Channel) -> Void) {
        let channel = connection.channel
        let flushed = eventLoop.makePromise(of: Void.self)
        flushed.futureResult.whenComplete { _ in action(channel) }
        connection.flush(promise: flushed)
    }
}

/// Keeping time.
extension WebSocketHandler: NIOScheduledCallbackHandler {
    func queueSeen(queuedBytes: Int, drainedBytes: Int) {
        let hadDeadline = clock.nextDeadline
        clock.queueSeen(
            at: queuedBytes == 0 ? hadDeadline : eventLoop.now, queuedBytes: queuedBytes,
            drainedBytes: drainedBytes)
        rearm()
    }

    /// Sees to it that the timer fires no later than the next deadline. A timer that fires early costs less than one
    /// that is moved with every read.
    func rearm() {
        let next = clock.nextDeadline
        guard phase != .closed, next < .distantFuture else { return }
        if let timer {
            if timer.at <= next { return }
            timer.callback.cancel()
        }
        do {
            timer = (try eventLoop.assumeIsolated().scheduleCallback(at: next, handler: self), next)
        } catch {
            // The loop is shutting down and closes its channels.
            timer = nil
        }
    }

    func handleScheduledCallback(eventLoop: some EventLoop) {
        timer = nil
        guard phase != .closed else { return }
        connection.queueChanged()
        for alarm in clock.alarms(at: eventLoop.now) { handle(alarm) }
        rearm()
    }

    private func handle(_ alarm: ConversationClock.Alarm) {
        switch alarm {
        case .ping:
            connection.appendFrame(.ping) { _ in }
            connection.flush(promise: nil)
        case .silent:
            finish(.silent)
            connection.channel.close(promise: nil)
        case .unfinishedMessage:
            fail(.unfinishedMessage, code: .policyViolation, text: "message took too long")
        case .stalled:
            readerIsTooSlow()
        case .cut:
            connection.channel.close(promise: nil)
        }
    }
}
