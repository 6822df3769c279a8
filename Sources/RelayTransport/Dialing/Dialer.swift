// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore
import NIOSSL

/// Opens outbound WebSocket conversations.
public final class Dialer: Sendable {
    let options: DialOptions
    let resolver: HostResolver
    let tally: TransportTally
    let ledger: AddressLedger
    private let compression: CompressionByLoop
    let group: any EventLoopGroup
    private let tls: NIOSSLContext

    /// - Parameters:
    ///   - group: where connections live, unless ``dial(_:trust:on:makePeer:)`` names an event loop.
    ///   - resolve: turns a host name and port into addresses; it may block.
    /// - Throws: when ``DialOptions/caFile`` cannot be read.
    public init(
        group: any EventLoopGroup, options: DialOptions = DialOptions(),
        resolve: @escaping @Sendable (_ host: String, _ port: Int) throws -> [SocketAddress] = Dialer
            .systemResolve
    ) throws(DialError) {
        self.group = group
        self.options = options
        tally = TransportTally(limits: options.limits)
        ledger = AddressLedger(options)
        compression = CompressionByLoop(options.compresses ? group : nil)
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let file = options.caFile { configuration.additionalTrustRoots = [.file(file)] }
        do {
            tls = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .tls("\(options.caFile ?? "system certificates"): \(error)")
        }
        resolver = HostResolver(maxPending: options.maxPendingResolutions, resolve: resolve)
    }

    /// Names that are being looked up, or wait for it; at most ``DialOptions/maxPendingResolutions``.
    public var resolving: Int { resolver.pending }

    /// The system's resolver (`getaddrinfo`): blocks.
    public static let systemResolve: @Sendable (String, Int) throws -> [SocketAddress] = HostResolver.system

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
    ) async throws(DialError) {
        do {
            try await connect(to: target, trust: trust, on: eventLoop, for: .webSocket(compression, makePeer))
        } catch {
            guard compression.isOn, error == .badExtension else { throw error }
            let plain = CompressionByLoop(nil)
            try await connect(to: target, trust: trust, on: eventLoop, for: .webSocket(plain, makePeer))
        }
    }

    /// Reads one document over HTTP (TLS when the target is secure), with the same checks as a conversation, within
    /// ``DialOptions/documentTimeout`` and ``DialOptions/maxDocumentLength``; redirects are not followed.
    ///
    /// - Parameter accept: the media type that is wanted.
    public func document(
        at target: DialTarget, accept: String, trust: DialTrust, on eventLoop: (any EventLoop)? = nil
    ) async throws(DialError) -> [UInt8] {
        let request = DocumentRequest(accept: accept, maxLength: options.maxDocumentLength)
        try await connect(to: target, trust: trust, on: eventLoop, for: .document(request))
        return request.result
    }

    private func connect(
        to target: DialTarget, trust: DialTrust, on eventLoop: (any EventLoop)?, for purpose: DialPurpose
    ) async throws(DialError) {
        let eventLoop = eventLoop ?? group.next()
        let outcome = eventLoop.makePromise(of: Void.self)
        let addressGuard = AddressGuard(trust: trust, options: options)
        let attempt = NIOLoopBoundBox.makeEmptyBox(valueType: DialAttempt.self, eventLoop: eventLoop)
        // Enqueued before a cancellation can be, so that the attempt is there when one arrives.
        eventLoop.execute { [tls] in
            let dial = DialAttempt(
                target, dialer: self, addressGuard: addressGuard, tls: target.isSecure ? tls : nil,
                eventLoop: eventLoop, outcome: outcome, for: purpose)
            attempt.value = dial
            dial.start()
        }
        do {
            try await withTaskCancellationHandler {
                try await outcome.futureResult.get()
            } onCancel: {
                eventLoop.execute { attempt.value?.cancel() }
            }
        } catch {
            throw error as? DialError ?? .tcp("\(error)")
        }
    }

    /// What was seen since the start.
    public var statistics: TransportStatistics { tally.statistics }

    /// Resolves no more: names not resolved by now fail with ``DialError/cancelled``. Does not wait for the system's
    /// resolver, which may take its time over one.
    public func shutdown() {
        resolver.shutdown()
    }
}
