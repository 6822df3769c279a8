// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import RelayTransport
import TestSupport
import Testing

@Suite struct TLSTests {
    /// A TLS server that accepts and greets.
    private func server(_ certificates: Certificates) async throws -> ScriptedServer {
        try await ScriptedServer(tls: certificates.serverContext()) { head in
            Array(ResponseHeadTests.acceptance(of: head).utf8) + WebSocketFrame.text("secure").bare.encoded
        }
    }

    private static let resolve: @Sendable (String, Int) throws -> [SocketAddress] = { _, port in
        [try SocketAddress(ipAddress: "127.0.0.1", port: port)]
    }

    @Test func `a certificate of a further authority is trusted, for its names alone`() async throws {
        let certificates = try await Certificates()
        let server = try await server(certificates)
        try await Dialer.run({ $0.caFile = certificates.authorityFile }, resolve: Self.resolve) { dialer in
            for host in ["relay.test", "127.0.0.1"] {
                let log = try await dialer.conversation(with: .local(server.port, host: host, isSecure: true))
                try await eventually("the greeting") { log.entries.messages == ["secure"] }
            }
            let error = await #expect(throws: DialError.self) {
                try await dialer.conversation(with: .local(server.port, host: "other.test", isSecure: true))
            }
            guard case .tls = error else {
                Issue.record("\(String(describing: error)) is no TLS error"); return
            }
        }
        try await server.close()
    }

    @Test func `a relay that shows its certificate is dialled whoever else's names lead there`() async throws
    {
        let certificates = try await Certificates()
        let server = try await server(certificates)
        try await Dialer.run(
            { options in
                options.caFile = certificates.authorityFile
                options.allowPrivateAddresses = true
                options.connectionsPerAddress = 1
            }, resolve: Self.resolve
        ) { dialer in
            for _ in 0..<3 {
                _ = try await dialer.conversation(
                    with: .local(server.port, host: "relay.test", isSecure: true), trust: .namedByStrangers)
            }
        }
        try await server.close()
    }

    @Test func `a certificate of an unknown authority is refused`() async throws {
        let certificates = try await Certificates()
        let server = try await server(certificates)
        try await Dialer.run(resolve: Self.resolve) { dialer in
            let error = await #expect(throws: DialError.self) {
                try await dialer.conversation(with: .local(server.port, host: "relay.test", isSecure: true))
            }
            guard case .tls = error else {
                Issue.record("\(String(describing: error)) is no TLS error"); return
            }
        }
        try await server.close()
    }

    @Test func `a server without TLS is a TLS failure`() async throws {
        try await TestServer.run { server in
            try await Dialer.run(resolve: Self.resolve) { dialer in
                let error = await #expect(throws: DialError.self) {
                    try await dialer.conversation(
                        with: .local(server.port, host: "relay.test", isSecure: true))
                }
                guard case .tls = error else {
                    Issue.record("\(String(describing: error)) is no TLS error"); return
                }
            }
        }
    }

    @Test func `a file of authorities that cannot be read is told at the start`() async throws {
        await #expect(throws: DialError.self) {
            try await Dialer.run({ $0.caFile = "/nowhere/ca.pem" }) { _ in }
        }
    }
}
