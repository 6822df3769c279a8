// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NostrCore
import RelayTransport
import TestSupport
import Testing

@Suite struct DialRefusalTests {
    private static func resolving(_ addresses: String...) -> @Sendable (String, Int) throws -> [SocketAddress]
    {
        { _, port in try addresses.map { try SocketAddress(ipAddress: $0, port: port) } }
    }

    @Test(arguments: [
        ("127.0.0.1", DialRefusal.address(.loopback)), ("::1", .address(.loopback)),
        ("10.1.2.3", .address(.privateUse)),
        ("::ffff:192.168.0.1", .address(.privateUse)), ("169.254.169.254", .address(.metadata)),
        ("localhost", .localName), ("relay.local", .localName), ("abcdef.onion", .onion), ("", .badHost),
    ]) func `strangers may not name this network`(host: String, refusal: DialRefusal) async throws {
        try await Dialer.run { dialer in
            await #expect(throws: DialError.refused(refusal)) {
                try await dialer.conversation(with: .local(7_777, host: host), trust: .namedByStrangers)
            }
        }
    }

    @Test func `a public name with a private address is refused, and nobody is called`() async throws {
        try await TestServer.run { server in
            try await Dialer.run(resolve: Self.resolving("127.0.0.1", "10.0.0.1")) { dialer in
                await #expect(throws: DialError.refused(.address(.loopback))) {
                    try await dialer.conversation(
                        with: .local(server.port, host: "relay.test"), trust: .namedByStrangers)
                }
            }
            #expect(server.listener.statistics.acceptedConnections == 0)
        }
    }

    @Test func `the operator may name private addresses and allow them to all`() async throws {
        try await TestServer.run { server in
            let target = DialTarget.local(server.port, host: "localhost")
            try await Dialer.run(resolve: Self.resolving("127.0.0.1")) { dialer in
                _ = try await dialer.conversation(with: target, trust: .operatorNamed)
            }
            try await Dialer.run({ $0.allowPrivateAddresses = true }, resolve: Self.resolving("127.0.0.1")) {
                dialer in
                _ = try await dialer.conversation(with: target, trust: .namedByStrangers)
                await #expect(throws: DialError.refused(.onion)) {
                    try await dialer.conversation(with: .local(1, host: "x.onion"), trust: .namedByStrangers)
                }
            }
        }
    }

    @Test func `a name is asked once, so a second answer cannot lead elsewhere`() async throws {
        try await TestServer.run { server in
            let asked = NIOLockedValueBox(0)
            try await Dialer.run(resolve: { _, port in
                asked.withLockedValue { $0 += 1 }
                return [try SocketAddress(ipAddress: "127.0.0.1", port: port)]
            }) { dialer in
                _ = try await dialer.conversation(with: .local(server.port, host: "relay.test"))
            }
            #expect(asked.withLockedValue { $0 } == 1)
        }
    }

    @Test func `a target that would break the request is refused`() async throws {
        try await Dialer.run { dialer in
            var target = DialTarget.local(1, path: "/ HTTP/1.1\r\nX: y")
            await #expect(throws: DialError.refused(.badHost)) { try await dialer.conversation(with: target) }
            target = .local(1)
            target.authority = "a\r\nb"
            await #expect(throws: DialError.refused(.badHost)) { try await dialer.conversation(with: target) }
        }
    }

    @Test func `the system resolves localhost`() throws {
        let addresses = try Dialer.systemResolve("localhost", 80)
        #expect(addresses.contains { $0.ipAddress == "127.0.0.1" && $0.port == 80 })
    }
}
