// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NostrCore
import RelayTransport
import TweetCore

/// Sends one message: to an address that was looked up once and checked, over a connection of its own, following no redirect.
struct WebhookSender: Sendable {
    /// **Milliseconds**.
    let timeout: Int64
    let clock: BridgeClock
    /// The addresses of a host; blocks.
    let resolve: @Sendable (String, Int) throws -> [SocketAddress]

    init(
        timeout: Int64, clock: BridgeClock,
        resolve: @escaping @Sendable (String, Int) throws -> [SocketAddress] = Dialer.systemResolve
    ) {
        self.timeout = timeout
        self.clock = clock
        self.resolve = resolve
    }

    func send(_ body: [UInt8], id: String, to hook: Webhook) async -> WebhookAnswer {
        let addresses: [SocketAddress]
        do {
            addresses = try await NIOThreadPool.singleton.runIfActive { try resolve(hook.host, hook.port) }
        } catch { return .failed(.transient, "its host has no address") }
        let allowed = addresses.filter { Self.isAllowed(AddressClass($0), hook) }
        guard let address = allowed.lazy.compactMap(\.ipAddress).first else {
            return addresses.isEmpty
                ? .failed(.transient, "its host has no address")
                : .failed(.permanent, "its address is private, and that is not allowed for it")
        }
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .milliseconds(timeout)))
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        configuration.tlsConfiguration = tls
        if address != hook.host { configuration.dnsOverride = [hook.host: address] }
        let client = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
        let answer = await send(body, id: id, to: hook, with: client)
        do { try await client.shutdown() } catch {
            // Nothing is asked of it any more.
            return answer
        }
        return answer
    }

    private func send(
        _ body: [UInt8], id: String, to hook: Webhook, with client: HTTPClient
    ) async -> WebhookAnswer {
        let timestamp = Timestamp(clock.now() / 1_000)
        var request = HTTPClientRequest(url: hook.url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "User-Agent", value: "Rookery")
        request.headers.add(name: "X-Rookery-Delivery", value: id)
        request.headers.add(name: "X-Rookery-Timestamp", value: "\(timestamp)")
        request.headers.add(
            name: "X-Rookery-Signature", value: WebhookSignature.of(body, at: timestamp, secret: hook.secret))
        request.body = .bytes(body)
        do {
            // The head says all; what comes behind it is never read.
            let response = try await client.execute(request, timeout: .milliseconds(timeout))
            return WebhookAnswer(
                status: Int(response.status.code), retryAfter: response.headers.first(name: "Retry-After"),
                at: clock.now())
        } catch is HTTPClientError {
            return .failed(.transient, "no answer")
        } catch { return .failed(.transient, "no connection") }
    }

    private static func isAllowed(_ kind: AddressClass, _ hook: Webhook) -> Bool {
        switch kind {
        case .global: true
        case .loopback, .privateUse, .sharedNetwork, .linkLocal, .documentation, .benchmarking, .reserved:
            hook.allowsPrivate
        case .unspecified, .metadata, .multicast, .broadcast, .notInternet: false
        }
    }
}
