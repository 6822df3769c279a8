// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1

/// A body that is handed over as it arrives, as its connection sees it. Confined to that connection's event loop.
final class IncomingBody {
    let head: HTTPRequestHead
    let stream: BodyStream
    /// Tells it from others of the same connection.
    let number: Int
    /// **Bytes**.
    let maxLength: Int
    var received = 0
    /// Whether the client has to be told to send it.
    var waitsForWord: Bool
    private var began: NIODeadline
    private var lastByte: NIODeadline
    /// Since when nothing is read, as much waits to be taken.
    private(set) var pausedSince: NIODeadline?

    init(
        _ head: HTTPRequestHead, _ stream: BodyStream, number: Int, maxLength: Int, at now: NIODeadline
    ) {
        self.head = head
        self.stream = stream
        self.number = number
        self.maxLength = maxLength
        waitsForWord = head.waitsForWord
        began = now
        lastByte = now
    }

    /// Counts what has come.
    func add(_ bytes: Int, at now: NIODeadline) {
        received += bytes
        lastByte = now
    }

    /// From now on the client waits for us, and no time is held against it.
    func pause(at now: NIODeadline) { if pausedSince == nil { pausedSince = now } }

    func resume(at now: NIODeadline) {
        if let pausedSince { began = began + (now - pausedSince) }
        pausedSince = nil
        lastByte = now
    }

    /// By when something must have come, and enough in all.
    func deadline(_ limits: TransportLimits) -> NIODeadline {
        let share = TimeAmount.seconds(1) * (received / max(1, limits.slowestBody))
        return min(lastByte, began + share) + limits.bodyPatience
    }
}
