// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore

/// Opens outbound WebSocket conversations.
public final class Dialer: Sendable {
    /// - Parameters:
    ///   - group: where connections live, unless ``dial(_:trust:on:makePeer:)`` names an event loop.
    ///   - resolve: turns a host name and port into addresses, off the event loops.
    public init(
        group: any EventLoopGroup, options: DialOptions = DialOptions(),
        resolve: @escaping @Sendable (_ host: String, _ port: Int) throws -> [SocketAddress] = Dialer
            .systemResolve
    ) throws { fatalError("not written yet") }

    /// The system's resolver (`getaddrinfo`): blocks.
    public static let systemResolve: @Sendable (String, Int) throws -> [SocketAddress] = { _, _ in
        fatalError("not written yet")
    }

    /// Opens a conversation: resolves the name, checks every address, connects to a checked address, secures and
    /// upgrades it.
    ///
    /// - Parameters:
    ///   - trust: who named the target.
    ///   - makePeer: called on the connection's event loop once the server agreed; its
    ///     ``WebSocketPeer/opened(_:)`` is called before this method returns.
    public func dial(
        _ target: DialTarget, trust: DialTrust, on eventLoop: (any EventLoop)? = nil,
        makePeer: @escaping @Sendable () -> any WebSocketPeer
    ) async throws(DialError) { fatalError("not written yet") }

    /// Ends the resolver's threads; dials under way fail with ``DialError/cancelled``.
    public func shutdown() async { fatalError("not written yet") }
}
