// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore

/// One port that speaks HTTP/1.1 and WebSocket.
public final class Listener: Sendable {
    /// The port in use, also when 0 was asked for.
    public let localAddress: SocketAddress

    init(localAddress: SocketAddress) { self.localAddress = localAddress }

    /// - Parameters:
    ///   - host: an IP address or a name of this machine.
    ///   - port: 0 takes a free one; see ``localPort``.
    ///   - group: connections are spread over its event loops.
    ///   - http: answers a whole request; called on an event loop, so it must not block.
    ///   - webSocket: decides on an upgrade request, on any path; called on an event loop.
    /// - Throws: `IOError` when the address is in use or not this machine's.
    public static func bind(
        host: String, port: Int, group: any EventLoopGroup, limits: TransportLimits = TransportLimits(),
        http: @escaping @Sendable (HTTPRequest) -> HTTPResponse,
        webSocket: @escaping @Sendable (HTTPRequest, SocketAddress?) -> UpgradeDecision
    ) async throws -> Listener { fatalError("not written yet") }

    /// The port in use, also when 0 was asked for.
    public var localPort: Int { localAddress.port ?? 0 }

    public var statistics: TransportStatistics { fatalError("not written yet") }

    /// Closes the port; connections live on.
    public func stopAccepting() async { fatalError("not written yet") }

    /// Closes the port, then every conversation with `code`; what is still open at the deadline is cut.
    public func shutdown(deadline: NIODeadline, code: CloseCode = .goingAway) async {
        fatalError("not written yet")
    }
}
