// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A plain TCP connection to 127.0.0.1 that may say anything, or nothing.
public final class RawConnection: Sendable {
    private let socket: TCPSocket
    private let queue = BlockingQueue("raw connection")

    private init(_ socket: TCPSocket) { self.socket = socket }

    /// Connects, and says nothing yet.
    public static func open(to port: Int) async throws -> RawConnection {
        try await BlockingQueue("connect").run { RawConnection(try TCPSocket(connectingTo: port)) }
    }

    /// Sends text as it is.
    public func send(_ text: String) async throws { try await send(bytes: Array(text.utf8)) }

    /// Sends bytes as they are.
    public func send(bytes: [UInt8]) async throws {
        let socket = self.socket
        try await queue.run { try socket.write(bytes) }
    }

    /// What comes next; empty when the other side has ended the connection.
    ///
    /// - Throws: ``TimedOut``.
    public func receive(within limit: Duration = patience) async throws -> [UInt8] {
        let socket = self.socket
        return try await queue.run { try socket.read(within: limit) }
    }
}
