// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import RelayTransport
import TestSupport
import Testing

/// Silence, over real sockets, with limits of milliseconds; nothing here races: each test waits for what must happen.
@Suite struct LivenessTests {
    @Test func `who answers pings lives on`() async throws {
        var limits = TransportLimits.patient
        limits.pingInterval = .milliseconds(20)
        limits.pongTimeout = .seconds(30)
        try await TestServer.run(limits) { server in
            let client = try await RawWebSocket.connect(to: server.port)
            for _ in 0..<3 {
                #expect(try await client.receive() == .ping([]))
                try await client.send(WebSocketFrame(opcode: 10))
            }
            try await client.send("alive")
            while try await client.receive() != .text("alive") {}
        }
    }

    @Test func `a half-open connection is found`() async throws {
        var limits = TransportLimits.patient
        limits.pingInterval = .milliseconds(20)
        limits.pongTimeout = .milliseconds(50)
        try await TestServer.run(limits) { server in
            let client = try await RawWebSocket.connect(to: server.port)
            #expect(try await server.log().end() == .silent)
            #expect(try await client.receive() == .ping([]))
            #expect(try await client.receive() == .end)
            #expect(server.listener.statistics.closedSilent == 1)
        }
    }

    @Test func `a message that is never finished ends the conversation`() async throws {
        var limits = TransportLimits.patient
        limits.messageTimeout = .milliseconds(50)
        try await TestServer.run(limits) { server in
            let client = try await RawWebSocket.connect(to: server.port)
            try await client.send(bytes: Array(WebSocketFrame.text("never finished").encoded.dropLast()))
            #expect(try await client.closeCode() == 1008)
            #expect(try await server.log().end() == .unfinishedMessage)
        }
    }
}
