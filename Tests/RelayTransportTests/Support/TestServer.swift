// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import RelayTransport
import TestSupport

/// A listener on loopback whose conversations are recorded; two event loops.
struct TestServer: Sendable {
    let listener: Listener
    private let logs: NIOLockedValueBox<[PeerLog]>

    var port: Int { listener.localPort }

    /// The log of the n-th conversation.
    func log(_ index: Int = 0) async throws -> PeerLog {
        try await eventually("conversation \(index)") {
            let all = logs.withLockedValue { $0 }
            return index < all.count ? all[index] : nil
        }
    }

    /// Runs `body` with a server, and shuts the server down.
    static func run(
        _ limits: TransportLimits = .patient, answer: @escaping RecordingPeer.Answer = echo,
        http: @escaping @Sendable (HTTPRequest) -> HTTPResponse = { _ in
            HTTPResponse(contentType: "text/plain", text: "hi")
        },
        reply: (@Sendable (HTTPRequest) -> HTTPReply)? = nil,
        bodies: @escaping @Sendable (HTTPRequest) -> BodyPlan = { _ in .collected },
        decide: (@Sendable (HTTPRequest, SocketAddress?) -> HTTPResponse?)? = nil,
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let logs = NIOLockedValueBox<[PeerLog]>([])
        let listener = try await Listener.bind(
            host: "127.0.0.1", port: 0, group: MultiThreadedEventLoopGroup.singleton, limits: limits,
            bodies: bodies, http: reply ?? { .now(http($0)) }
        ) { request, address in
            if let refusal = decide?(request, address) { return .refuse(refusal) }
            return .accept {
                let log = PeerLog()
                logs.withLockedValue { $0.append(log) }
                return RecordingPeer(log, answer: answer)
            }
        }
        let server = TestServer(listener: listener, logs: logs)
        do {
            try await body(server)
        } catch {
            await listener.shutdown(deadline: .now())
            throw error
        }
        await listener.shutdown(deadline: .now())
    }

    private init(listener: Listener, logs: NIOLockedValueBox<[PeerLog]>) {
        self.listener = listener
        self.logs = logs
    }

    /// Answers every message with itself.
    static let echo: RecordingPeer.Answer = { connection, message in connection.send(message) }
}
