// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NostrCore
import TestSupport
import Testing

@testable import RelayTransport

@Suite struct ConnectionGateTests {
    @Test func `whom the operator blocks between his request and its answer gets no conversation`()
        async throws
    {
        var limits = TransportLimits.patient
        limits.trustedProxies = ["127.0.0.1"].compactMap(AddressPrefix.init)
        try await TestServer.run(limits) { server in
            let proxy = try await RawConnection.open(to: server.port)
            let gate = server.listener.service.gate
            let channel = try await eventually("the proxy's connection") { gate.channels.first }
            let client = try SocketAddress(ipAddress: "192.0.2.7", port: 0)
            #expect(gate.admitRequest(of: client, on: channel) == .admitted)
            #expect(gate.block(AddressPrefixSet(["192.0.2.0/24"].compactMap(AddressPrefix.init))).isEmpty)
            #expect(gate.admitConversation(of: client, on: channel) == .blocked)
            #expect(gate.state.withLockedValue { $0.clients.isEmpty && $0.perAddress.isEmpty })
            _ = gate.block(AddressPrefixSet([]))
            #expect(gate.admitConversation(of: client, on: channel) == .admitted)
            withExtendedLifetime(proxy) {}
        }
    }
}
