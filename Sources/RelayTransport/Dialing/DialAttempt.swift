// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOPosix
import NIOSSL

/// One dial, from name to conversation or document. Confined to its event loop.
///
/// `resolving → connecting (address after address) → securing → upgrading or reading → done`; the deadline and the caller's
/// cancellation end it at any stage.
final class DialAttempt {
    private let target: DialTarget
    private let options: DialOptions
    private let addressGuard: AddressGuard
    private let tls: NIOSSLContext?
    private let resolver: HostResolver
    private let tally: TransportTally
    private let ledger: AddressLedger?
    private let purpose: DialPurpose
    private let eventLoop: any EventLoop
    private let outcome: EventLoopPromise<Void>
    private var stage = DialStage.resolving
    private var isDone = false
    private var deadline: Scheduled<Void>?
    /// The connection under way, if any, and what it takes of its address.
    private var channel: (any Channel)?
    private var place: AddressPlace?
    private var lastError = DialError.tcp("no address")

    init(
        _ target: DialTarget, dialer: Dialer, addressGuard: AddressGuard, tls: NIOSSLContext?,
        eventLoop: any EventLoop, outcome: EventLoopPromise<Void>, for purpose: DialPurpose
    ) {
        self.target = target
        self.addressGuard = addressGuard
        self.tls = tls
        self.eventLoop = eventLoop
        self.outcome = outcome
        self.purpose = purpose
        options = dialer.options
        resolver = dialer.resolver
        tally = dialer.tally
        ledger = addressGuard.isForStrangers ? dialer.ledger : nil
    }

    func start() {
        eventLoop.preconditionInEventLoop()
        if let refusal = addressGuard.refusal(of: target.host) { return finish(.refused(refusal)) }
        guard UpgradeOffer.isSafe(target) else { return finish(.refused(.badHost)) }
        deadline = eventLoop.assumeIsolated().scheduleTask(in: purpose.timeout(options)) { [self] in
            finish(.timeout(stage))
        }
        let resolveDeadline = eventLoop.assumeIsolated().scheduleTask(in: options.resolveTimeout) { [self] in
            if stage == .resolving { finish(resolver.delay(of: target.host, port: target.port)) }
        }
        resolver.addresses(of: target.host, port: target.port, on: eventLoop).assumeIsolated().whenComplete {
            result in
            resolveDeadline.cancel()
            self.resolved(result)
        }
    }

    func cancel() {
        finish(.cancelled)
    }

    private func resolved(_ result: Result<[SocketAddress], any Error>) {
        guard !isDone else { return }
        stage = .connecting
        do {
            let addresses = try addressGuard.allowed(result.get())
            connect(to: addresses.prefix(options.maxAddresses))
        } catch {
            finish(error as? DialError ?? .dns("\(error)"))
        }
    }

    private func connect(to addresses: ArraySlice<SocketAddress>) {
        guard !isDone else { return }
        guard let address = addresses.first else { return finish(lastError) }
        let place = ledger?.admit(address, purpose.use, isSecure: tls != nil, at: eventLoop.now)
        guard ledger == nil || place != nil else {
            lastError = .refused(.busyAddress)
            return connect(to: addresses.dropFirst())
        }
        bootstrap().connect(to: address).assumeIsolated().whenComplete { [self] result in
            switch result {
            case .success(let channel):
                if let place { channel.closeFuture.whenComplete { _ in place.release() } }
                guard !isDone else { return channel.close(promise: nil) }
                self.channel = channel
                self.place = place
                begin(channel)
            case .failure(let error):
                place?.release()
                lastError = error is ChannelError ? .timeout(.connecting) : .tcp("\(error)")
                connect(to: addresses.dropFirst())
            }
        }
    }

    private func bootstrap() -> ClientBootstrap {
        ClientBootstrap(group: eventLoop)
            .connectTimeout(options.addressTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // The handshake handlers must be there before the first byte is read.
            .channelOption(.autoRead, value: false)
            .channelOption(
                .writeBufferWaterMark,
                value: .init(low: options.limits.lowWaterMark, high: options.limits.highWaterMark))
    }

    /// Secures the connection and does what it is for.
    private func begin(_ channel: any Channel) {
        stage = tls == nil ? purpose.stage : .securing
        let done = eventLoop.makePromise(of: Void.self)
        done.futureResult.assumeIsolated().whenComplete { [self] result in
            switch result {
            case .success: finish(nil)
            case .failure(let error): finish(error as? DialError ?? .handshake("\(error)"))
            }
        }
        do {
            if let tls { try channel.pipeline.syncOperations.addHandler(tlsHandler(tls)) }
            try purpose.begin(on: channel, target: target, options: options, tally: tally, outcome: done)
            try channel.syncOptions?.setOption(.autoRead, value: true)
        } catch {
            done.fail(tls == nil ? DialError.tcp("\(error)") : DialError.tls("\(error)"))
        }
    }

    /// Names are sent as SNI and verified; of an address the certificate must hold the address.
    private func tlsHandler(_ tls: NIOSSLContext) throws -> NIOSSLClientHandler {
        let isAddress =
            target.host.contains(":") || (try? SocketAddress(ipAddress: target.host, port: 0)) != nil
        return isAddress
            ? try NIOSSLClientHandler(context: tls, serverHostname: nil)
            : try ServerIdentity(host: target.host).handler(tls)
    }

    /// - Parameter error: `nil` for success.
    private func finish(_ error: DialError?) {
        guard !isDone else { return }
        isDone = true
        deadline?.cancel()
        deadline = nil
        if let error {
            channel?.close(promise: nil)
            outcome.fail(error)
        } else {
            if tls != nil { place?.certify() }
            outcome.succeed()
        }
        channel = nil
        place = nil
    }
}
