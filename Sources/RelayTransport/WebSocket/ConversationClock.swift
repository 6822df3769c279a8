// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// The deadlines of one conversation, and what is to be done when one passes.
///
/// Time is an argument; the handler keeps one timer for ``nextDeadline``.
struct ConversationClock: Sendable {
    /// What a passed deadline means.
    enum Alarm: Hashable, Sendable {
        /// Nothing was heard for a while: ask.
        case ping
        /// Nothing was heard since the ping: the connection is half-open.
        case silent
        /// A message was begun and not finished.
        case unfinishedMessage
        /// The reader takes nothing of its queue.
        case stalled
        /// The closing handshake took too long.
        case cut
    }

    /// What of ``TransportLimits`` it keeps to.
    private struct Limits: Sendable {
        let messageTimeout, pingInterval, pongTimeout, closeTimeout, stallTimeout: TimeAmount
    }

    private let limits: Limits
    private var lastHeard: NIODeadline
    private var pingSent: NIODeadline?
    private var messageBegan: NIODeadline?
    private var closingSince: NIODeadline?
    private var isPaused = false
    /// When the queue last got shorter, and how many bytes had left it in all by then.
    private var lastProgress: (at: NIODeadline, drainedBytes: Int)?

    init(limits: TransportLimits, now: NIODeadline) {
        self.limits = Limits(
            messageTimeout: limits.messageTimeout, pingInterval: limits.pingInterval,
            pongTimeout: limits.pongTimeout, closeTimeout: limits.closeTimeout,
            stallTimeout: limits.stallTimeout)
        lastHeard = now
    }

    /// Bytes came in.
    ///
    /// - Parameters:
    ///   - completedMessage: whether a message ended; control frames may come inside of one and say nothing about it.
    ///   - isMidMessage: whether another has begun.
    mutating func heard(at now: NIODeadline, completedMessage: Bool, isMidMessage: Bool) {
        lastHeard = now
        pingSent = nil
        if !isMidMessage {
            messageBegan = nil
        } else if completedMessage || messageBegan == nil {
            messageBegan = now
        }
    }

    /// While this side does not read, silence proves nothing.
    mutating func paused() {
        isPaused = true
        messageBegan = nil
    }

    mutating func resumed(at now: NIODeadline) {
        isPaused = false
        lastHeard = now
        pingSent = nil
    }

    /// The outbound queue was looked at.
    mutating func queueSeen(at now: NIODeadline, queuedBytes: Int, drainedBytes: Int) {
        if queuedBytes == 0 {
            lastProgress = nil
        } else if drainedBytes > lastProgress?.drainedBytes ?? -1 {
            lastProgress = (now, drainedBytes)
        }
    }

    /// From now on only the end of the closing handshake matters.
    mutating func closing(at now: NIODeadline) {
        if closingSince == nil { closingSince = now }
    }

    /// When ``alarms(at:)`` must be asked next.
    var nextDeadline: NIODeadline {
        if let closingSince { return closingSince + limits.closeTimeout }
        var next = NIODeadline.distantFuture
        if !isPaused {
            next = min(next, pingSent.map { $0 + limits.pongTimeout } ?? lastHeard + limits.pingInterval)
            if let messageBegan { next = min(next, messageBegan + limits.messageTimeout) }
        }
        if let lastProgress { next = min(next, lastProgress.at + limits.stallTimeout) }
        return next
    }

    /// The deadlines that have passed. A ping counts as sent when it is returned.
    mutating func alarms(at now: NIODeadline) -> [Alarm] {
        if let closingSince { return closingSince + limits.closeTimeout <= now ? [.cut] : [] }
        var alarms: [Alarm] = []
        if let lastProgress, lastProgress.at + limits.stallTimeout <= now { alarms.append(.stalled) }
        if isPaused { return alarms }
        if let messageBegan, messageBegan + limits.messageTimeout <= now { alarms.append(.unfinishedMessage) }
        if let pingSent {
            if pingSent + limits.pongTimeout <= now { alarms.append(.silent) }
        } else if lastHeard + limits.pingInterval <= now {
            pingSent = now
            alarms.append(.ping)
        }
        return alarms
    }
}
