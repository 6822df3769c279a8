// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import RelayTransport
import TestSupport

/// What happened to a peer, readable from anywhere.
final class PeerLog: Sendable {
    struct Entries: Sendable {
        var opened = 0
        var messages: [String] = []
        var bursts = 0
        var writability: [Bool] = []
        var closed: [CloseReason] = []
        var connection: NIOLoopBound<WebSocketConnection>?
    }

    private let box = NIOLockedValueBox(Entries())

    var entries: Entries { box.withLockedValue { $0 } }

    func record(_ change: (inout Entries) -> Void) { box.withLockedValue(change) }

    /// Waits until the conversation is over.
    func end(within limit: Duration = patience) async throws -> CloseReason {
        try await eventually("the end of the conversation", within: limit) { entries.closed.first }
    }

    /// Runs `body` on the conversation's event loop.
    func withConnection(_ body: @escaping @Sendable (WebSocketConnection) -> Void) async throws {
        let bound = try await eventually("the connection") { entries.connection }
        try await bound.eventLoop.submit { body(bound.value) }.get()
    }
}

/// Writes down what happens and answers as its closure says.
final class RecordingPeer: WebSocketPeer {
    typealias Answer = @Sendable (WebSocketConnection, Span<UInt8>) -> Void

    private let log: PeerLog
    private let answer: Answer
    private var connection: WebSocketConnection?

    init(_ log: PeerLog, answer: @escaping Answer = { _, _ in }) {
        self.log = log
        self.answer = answer
    }

    func opened(_ connection: WebSocketConnection) {
        self.connection = connection
        let bound = NIOLoopBound(connection, eventLoop: connection.eventLoop)
        log.record { entries in
            entries.opened += 1
            entries.connection = bound
        }
    }

    func received(_ message: Span<UInt8>) {
        let text = message.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        log.record { $0.messages.append(text) }
        if let connection { answer(connection, message) }
    }

    func readBurstEnded() {
        log.record { $0.bursts += 1 }
    }

    func writabilityChanged(_ isWritable: Bool) {
        log.record { $0.writability.append(isWritable) }
    }

    func closed(_ reason: CloseReason) {
        log.record { $0.closed.append(reason) }
    }
}
