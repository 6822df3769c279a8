// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NostrCore
import RelayTransport

/// The messages of one page of stored events, made on a reader thread and sent on the event loop.
struct EventPage: Sendable {
    private var bytes = ByteBuffer()
    /// One past the last byte of each message.
    private var ends: [Int] = []

    var count: Int { ends.count }
    var size: Int { bytes.readableBytes }

    /// Adds `["EVENT","…",{…}]`.
    mutating func append(prefix: [UInt8], event: Span<UInt8>) {
        bytes.writeBytes(prefix)
        event.withUnsafeBytes { _ = bytes.writeBytes($0) }
        bytes.writeInteger(EventMessage.trailer)
        ends.append(bytes.writerIndex)
    }

    /// Appends every message to what is sent next.
    func send(to connection: WebSocketConnection) {
        let span = bytes.readableBytesUInt8Span
        var start = 0
        for end in ends {
            connection.send(span.extracting(start..<end))
            start = end
        }
    }
}
