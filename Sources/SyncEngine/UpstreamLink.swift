// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayTransport
import SyncPlanner

/// The socket side of a conversation with an upstream: messages are read on the event loop and reported once a
/// burst of reading, or oftener when it brings much.
final class UpstreamLink: WebSocketPeer {
    private let connection: SocketConnection
    private let report: @Sendable (UpstreamReport) -> Void
    private var messages: [RelayMessage] = []
    private var unreadable = 0
    private var byteCount = 0
    private var isOurs = false
    /// Of a message that is too long to be read.
    private var skipping: SkippedMessage?

    init(_ connection: SocketConnection, report: @escaping @Sendable (UpstreamReport) -> Void) {
        self.connection = connection
        self.report = report
    }

    func opened(_ socket: WebSocketConnection) {
        isOurs = connection.opened(socket)
        if isOurs { report(.opened) }
    }

    func received(_ message: Span<UInt8>) {
        byteCount += message.count
        do {
            messages.append(try RelayMessage.parse(message))
        } catch {
            unreadable += 1
        }
        let cost = byteCount + SyncEngineLimits.messageOverhead * messages.count
        if cost >= SyncEngineLimits.bytesPerReport { readBurstEnded() }
    }

    func receivedPart(_ part: Span<UInt8>, isLast: Bool) -> Bool {
        var message = skipping.take() ?? SkippedMessage()
        message.take(part)
        guard message.mayBeEvent else { return false }
        guard isLast else {
            if let byteCount = message.takeProgress() { tell(.skipping(byteCount: byteCount)) }
            skipping = message
            return true
        }
        guard let event = message.event else { return false }
        tell(.skipped(event, byteCount: message.untold))
        return true
    }

    /// Reports after what was received before.
    private func tell(_ news: UpstreamReport) {
        readBurstEnded()
        if isOurs { report(news) }
    }

    func readBurstEnded() {
        // An empty message has no bytes and is unreadable.
        guard unreadable > 0 || !messages.isEmpty else { return }
        defer {
            messages = []
            unreadable = 0
            byteCount = 0
        }
        if isOurs { report(.received(messages, unreadable: unreadable, byteCount: byteCount)) }
    }

    func writabilityChanged(_ isWritable: Bool) {}

    func closed(_ reason: CloseReason) {
        readBurstEnded()
        connection.ended()
        if isOurs { report(.closed(LinkEnd(reason))) }
    }
}

extension LinkEnd {
    init(_ reason: CloseReason) {
        switch reason {
        case .closedByPeer(.messageTooBig?, _): self = .messageTooBig
        case .closedByPeer: self = .closedByRelay
        case .closedHere: self = .closedHere
        case .violation(.tooLong): self = .giantMessage
        case .violation(.binary): self = .binaryMessage
        case .violation: self = .protocolViolation
        case .tooSlow: self = .readsTooSlowly
        case .silent: self = .silent
        case .unfinishedMessage: self = .unfinishedMessage
        case .lost: self = .lost
        }
    }
}
