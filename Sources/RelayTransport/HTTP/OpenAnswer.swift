// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore
import Synchronization

/// The body of an answer that has no end of its own, such as a stream of server-sent events: whoever was given it sends what
/// there is to say, from any thread, until one of the two goes.
///
/// What the client does not take waits, up to ``TransportLimits/openAnswerBytes``; then it is cut off.
public final class OpenAnswer: Sendable {
    private let loop: any EventLoop
    private let connection: NIOLoopBound<HTTPConnectionHandler>
    private let hasClient = Atomic(true)

    init(_ connection: HTTPConnectionHandler, on loop: any EventLoop) {
        self.loop = loop
        self.connection = NIOLoopBound(connection, eventLoop: loop)
    }

    /// Whether anybody may still read it.
    public var isOpen: Bool { hasClient.load(ordering: .relaxed) }

    /// Sends a piece; nothing happens once nobody reads any more.
    public func send(_ bytes: ByteBuffer) {
        loop.execute { self.connection.value.send(bytes, of: self) }
    }

    /// Ends the answer, and its connection with it.
    public func end() {
        loop.execute { self.connection.value.end(self) }
    }

    func clientLeft() { hasClient.store(false, ordering: .relaxed) }
}
