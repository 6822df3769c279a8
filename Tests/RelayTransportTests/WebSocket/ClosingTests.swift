// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import RelayTransport
import TestSupport
import Testing

@Suite struct ClosingTests {
    @Test func `a close frame is answered with its code, and the server closes first`() async throws {
        try await TestServer.run { server in
            let client = try await RawWebSocket.connect(to: server.port)
            try await client.send(.close(4001, "enough"))
            #expect(try await client.receive() == .close(4001, ""))
            #expect(try await client.receive() == .end)
            let log = try await server.log()
            #expect(try await log.end() == .closedByPeer(CloseCode(rawValue: 4001), reason: "enough"))
            #expect(log.entries.closed.count == 1)
        }
    }

    @Test func `a close frame without a code is answered in kind`() async throws {
        try await TestServer.run { server in
            let client = try await RawWebSocket.connect(to: server.port)
            try await client.send(WebSocketFrame(opcode: 8))
            #expect(try await client.receive() == .close(nil, ""))
            #expect(try await server.log().end() == .closedByPeer(nil, reason: ""))
        }
    }

    @Test func `what was sent before closing arrives, what came after is dropped`() async throws {
        try await TestServer.run { server in
            let client = try await RawWebSocket.connect(to: server.port)
            let log = try await server.log()
            try await log.withConnection { connection in
                connection.withFrame { $0.writeString("last words") }
                connection.close(.policyViolation, reason: String(repeating: "é", count: 100))
                connection.withFrame { $0.writeString("too late") }
                connection.close(.normal, reason: "again")
            }
            #expect(try await client.receive() == .text("last words"))
            #expect(try await client.receive() == .close(1008, String(repeating: "é", count: 61)))
            try await client.send("unheard")
            try await client.send(.close(1008))
            #expect(try await client.receive() == .end)
            #expect(try await log.end() == .closedHere(.policyViolation))
            #expect(log.entries.messages.isEmpty)
        }
    }

    @Test func `who never answers a close frame is cut`() async throws {
        var limits = TransportLimits.patient
        limits.closeTimeout = .milliseconds(50)
        try await TestServer.run(limits) { server in
            let client = try await RawWebSocket.connect(to: server.port)
            try await server.log().withConnection { $0.close(.normal, reason: "") }
            #expect(try await client.receive() == .close(1000, ""))
            #expect(try await client.receive() == .end)
        }
    }

    @Test func `a connection that breaks is reported once`() async throws {
        try await TestServer.run { server in
            let client = try await RawWebSocket.connect(to: server.port)
            let log = try await server.log()
            client.abandon()
            #expect(try await log.end() == .lost)
            try await log.withConnection { connection in
                connection.withFrame { $0.writeString("nobody there") }
                connection.flush()
                connection.close(.normal, reason: "")
            }
            #expect(log.entries.closed == [.lost])
        }
    }

    @Test(arguments: [CloseCode.goingAway, .serviceRestart])
    func `shutting down says good-bye to everybody`(code: CloseCode) async throws {
        try await TestServer.run { server in
            let clients = [
                try await RawWebSocket.connect(to: server.port),
                try await RawWebSocket.connect(to: server.port),
            ]
            let idle = try await RawConnection.open(to: server.port)
            try await eventually("three connections") { server.listener.statistics.openConnections == 3 }
            async let shutdown: Void = server.listener.shutdown(deadline: .now() + .seconds(60), code: code)
            for client in clients {
                #expect(try await client.receive() == .close(code.rawValue, "shutting down"))
                try await client.send(.close(code.rawValue))
                #expect(try await client.receive() == .end)
            }
            #expect(try await idle.receive().isEmpty)
            await shutdown
            #expect(server.listener.statistics.openConnections == 0)
            await #expect(throws: (any Error).self) { try await RawWebSocket.connect(to: server.port) }
        }
    }

    @Test func `at the deadline of a shutdown whoever is left is cut`() async throws {
        try await TestServer.run { server in
            let client = try await RawWebSocket.connect(to: server.port)
            await server.listener.shutdown(deadline: .now() + .milliseconds(50))
            let goodBye = try await client.receive()
            #expect(goodBye == .close(1001, "shutting down"))
            #expect(try await client.receive() == .end)
        }
    }

    @Test func `a listener that stops accepting keeps its conversations`() async throws {
        try await TestServer.run { server in
            let client = try await RawWebSocket.connect(to: server.port)
            await server.listener.stopAccepting()
            await #expect(throws: (any Error).self) { try await RawWebSocket.connect(to: server.port) }
            try await client.send("still here")
            #expect(try await client.receiveText() == "still here")
        }
    }

    @Test func `a burst that holds a message and the end of the conversation has its end told, too`()
        async throws
    {
        try await TestServer.run { server in
            for end in [WebSocketFrame.close(1000), WebSocketFrame.binary([1])] {
                let client = try await RawWebSocket.connect(to: server.port)
                try await client.send(bytes: WebSocketFrame.text("last").encoded + end.encoded)
                _ = try await client.closeCode()
            }
            for index in 0..<2 {
                let log = try await server.log(index)
                _ = try await log.end()
                #expect(log.entries.messages == ["last"])
                #expect(log.entries.bursts == 1)
            }
        }
    }
}
