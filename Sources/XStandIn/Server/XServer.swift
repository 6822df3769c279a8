// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// A stand-in for X on one port: API, OAuth, activity stream, media host, t.co and the pages of `/admin`.
///
/// It only carries bytes between sockets and an ``XWorld``, which decides everything.
///
/// ```swift
/// let x = try await XServer.start()
/// try x.withWorld { world in
///     let ada = try world.addUser("ada")
///     try world.post("Hello", by: ada)
/// }
/// … x.baseURL …
/// try await x.stop()
/// ```
public final class XServer: Sendable {
    /// `http://127.0.0.1:4711`
    public let baseURL: String
    public let port: Int

    private let state: ServerState
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel

    private init(state: ServerState, group: MultiThreadedEventLoopGroup, listener: any Channel, host: String)
    {
        self.state = state
        self.group = group
        self.listener = listener
        port = listener.localAddress?.port ?? 0
        baseURL = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        state.withWorld { [baseURL] in $0.address = baseURL }
    }

    /// Binds a port and answers from then on.
    ///
    /// - Parameters:
    ///   - host: an address of this machine. Whoever reaches it can do anything, `/admin` included.
    ///   - port: 0 for one that is free.
    /// - Throws: what NIO says when the port cannot be bound.
    public static func start(
        host: String = "127.0.0.1", port: Int = 0, options: XServerOptions = XServerOptions()
    ) async throws -> XServer {
        let state = ServerState(options)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, options.threads))
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(Conversation(state))
                }
            }
        do {
            let listener = try await bootstrap.bind(host: host, port: port).get()
            return XServer(state: state, group: group, listener: listener, host: host)
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
    }

    /// Looks at the world and changes it, between two requests. What is posted goes out to streams at once.
    /// Not within itself: the world is locked meanwhile.
    public func withWorld<Result: Sendable, Failure: Error>(
        _ body: (inout XWorld) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try state.withWorld(body)
    }

    /// The connections that are open.
    public var connections: Int { state.connectionCount }

    /// Closes every connection and the port.
    public func stop() async throws {
        try await listener.close()
        state.closeAll()
        try await group.shutdownGracefully()
    }
}
