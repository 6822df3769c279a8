// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore
public import NIOHTTP1
import NIOPosix

/// One port that speaks HTTP/1.1 and WebSocket.
public final class Listener: Sendable {
    /// The address in use: the port is the real one, also when 0 was asked for.
    public let localAddress: SocketAddress
    private let channel: any Channel
    let service: HTTPService

    private init(channel: any Channel, localAddress: SocketAddress, service: HTTPService) {
        self.channel = channel
        self.localAddress = localAddress
        self.service = service
    }

    /// Opens the port.
    ///
    /// - Parameters:
    ///   - host: an IP address or a name of this machine.
    ///   - port: 0 takes a free one; see ``localPort``.
    ///   - group: connections are spread over its event loops.
    ///   - commonHeaders: part of every HTTP answer, refusals of the transport's own among them.
    ///   - bodies: says what becomes of a body that a request's head announces; called on an event loop with that head.
    ///   - http: answers a whole request; called on an event loop, so it must not block.
    ///   - webSocket: decides on an upgrade request, on any path; called on an event loop.
    /// - Throws: `IOError` when the address is in use or not this machine's.
    public static func bind(
        host: String, port: Int, group: any EventLoopGroup, limits: TransportLimits = TransportLimits(),
        commonHeaders: HTTPHeaders = [:],
        bodies: @escaping @Sendable (HTTPRequest) -> BodyPlan = { _ in .collected },
        http: @escaping @Sendable (HTTPRequest) -> HTTPReply,
        webSocket: @escaping @Sendable (HTTPRequest, SocketAddress?) -> UpgradeDecision
    ) async throws -> Listener {
        let tally = TransportTally(limits: limits)
        let service = HTTPService(
            limits: limits, gate: ConnectionGate(limits: limits, tally: tally), tally: tally,
            compression: CompressionByLoop(limits.compresses ? group : nil), commonHeaders: commonHeaders,
            bodies: bodies, http: http, webSocket: webSocket)
        let channel = try await bootstrap(group, service).bind(host: host, port: port).get()
        guard let localAddress = channel.localAddress else {
            preconditionFailure("a bound server socket has an address")
        }
        return Listener(channel: channel, localAddress: localAddress, service: service)
    }

    private static func bootstrap(_ group: any EventLoopGroup, _ service: HTTPService) -> ServerBootstrap {
        let limits = service.limits
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Int32(clamping: limits.backlog))
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptPauseHandler(pause: limits.acceptPause))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.tcpOption(.unsentBytes), value: limits.maxUnsentBytes)
            .childChannelOption(
                .writeBufferWaterMark, value: .init(low: limits.lowWaterMark, high: limits.highWaterMark)
            )
            .childChannelOption(.recvAllocator, value: limits.reading)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let decoder = ByteToMessageHandler(
                        HTTPRequestDecoder(
                            leftOverBytesStrategy: .forwardBytes, limitConfiguration: service.headLimits))
                    try channel.pipeline.syncOperations.addHandlers([
                        decoder, HTTPConnectionHandler(service: service, decoder: decoder),
                    ])
                }
            }
    }

    /// The port in use, also when 0 was asked for.
    public var localPort: Int { localAddress.port ?? 0 }

    /// What was seen since the start.
    public var statistics: TransportStatistics { service.tally.statistics }

    /// Closes the port; connections live on.
    public func stopAccepting() async {
        do {
            try await channel.close().get()
        } catch {
            // It was closed before.
            return
        }
    }

    /// Closes the port, then every conversation with `code`; what is still open at the deadline is cut.
    public func shutdown(deadline: NIODeadline, code: CloseCode = .goingAway) async {
        await stopAccepting()
        let isEmpty = channel.eventLoop.makePromise(of: Void.self)
        for channel in service.gate.close(whenEmpty: isEmpty) {
            channel.pipeline.fireUserInboundEventTriggered(ShutdownEvent(code: code))
        }
        let gate = service.gate
        let cut = channel.eventLoop.scheduleTask(deadline: deadline) {
            // A timer that is due runs before what was enqueued earlier: the good-bye goes first.
            for channel in gate.channels { channel.eventLoop.execute { channel.close(promise: nil) } }
        }
        do {
            try await isEmpty.futureResult.get()
        } catch {
            preconditionFailure("the gate only keeps this promise")
        }
        cut.cancel()
    }
}

extension NIOBSDSocket.Option {
    /// `TCP_NOTSENT_LOWAT` of Linux.
    fileprivate static let unsentBytes = NIOBSDSocket.Option(rawValue: 25)
}
