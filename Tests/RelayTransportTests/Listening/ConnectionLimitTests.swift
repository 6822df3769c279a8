// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import RelayTransport
import TestSupport
import Testing

@Suite struct ConnectionLimitTests {
    private func status(of server: TestServer) async -> Int {
        do {
            let client = try await RawWebSocket.connect(to: server.port)
            await client.close()
            return 101
        } catch let refused as RawWebSocket.Refused {
            return refused.answer.status
        } catch {
            return 0
        }
    }

    @Test func `a connection too many is told so before the upgrade`() async throws {
        var limits = TransportLimits.patient
        limits.maxConnections = 2
        try await TestServer.run(limits) { server in
            let clients = [
                try await RawWebSocket.connect(to: server.port),
                try await RawWebSocket.connect(to: server.port),
            ]
            #expect(await status(of: server) == 503)
            #expect(try await HTTPAnswer.get("/", from: server.port).headers["retry-after"] == "30")
            #expect(server.listener.statistics.refusedFull == 2)
            await clients[0].close()
            try await eventually("room") { server.listener.statistics.openConnections == 1 }
            #expect(await status(of: server) == 101)
            await clients[1].close()
        }
    }

    @Test func `a connection too many from one address is told so`() async throws {
        var limits = TransportLimits.patient
        limits.maxConnectionsPerAddress = 1
        try await TestServer.run(limits) { server in
            let client = try await RawWebSocket.connect(to: server.port)
            #expect(await status(of: server) == 429)
            #expect(server.listener.statistics.refusedPerAddress == 1)
            await client.close()
            try await eventually("room") { server.listener.statistics.openConnections == 0 }
            #expect(await status(of: server) == 101)
        }
    }

    @Test func `far too many are not even answered`() async throws {
        var limits = TransportLimits.patient
        limits.maxConnections = 1
        try await TestServer.run(limits) { server in
            var held: [RawConnection] = []
            for _ in 0..<66 { held.append(try await RawConnection.open(to: server.port)) }
            try await eventually("a dropped connection") {
                server.listener.statistics.droppedConnections == 1
            }
            #expect(server.listener.statistics.openConnections == 65)
        }
    }

    @Test func `the address of an expelled connection is refused for a while`() async throws {
        var limits = TransportLimits.patient
        limits.barTime = .seconds(600)
        limits.barsLocalAddresses = true
        try await TestServer.run(limits, answer: { connection, _ in connection.expel(reason: "enough") }) {
            server in
            let bystander = try await RawWebSocket.connect(to: server.port)
            let client = try await RawWebSocket.connect(to: server.port)
            try await client.send("x")
            #expect(try await client.receive() == .close(1008, "enough"))
            #expect(await status(of: server) == 429)
            #expect(server.listener.statistics.refusedBarred == 1)
            try await bystander.send("still heard")
            #expect(try await bystander.receive() == .close(1008, "enough"))
        }
    }
}
