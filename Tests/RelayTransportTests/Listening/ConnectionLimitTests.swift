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
            // A probe is told how it is.
            let answer = try await HTTPAnswer.get("/", from: server.port)
            #expect(answer.status == 200 && answer.headers["connection"] == "close")
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

    @Test func `bodies that do not end are bounded together`() async throws {
        var limits = TransportLimits.patient
        limits.maxBodyBytesInTotal = 100
        try await TestServer.run(limits) { server in
            let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\n"
            func post(_ bytes: Int) async throws -> RawConnection {
                let connection = try await RawConnection.open(to: server.port)
                try await connection.send(head + String(repeating: "b", count: bytes))
                return connection
            }
            var held: RawConnection? = try await post(60)
            try await eventually("the first half") { server.listener.statistics.openConnections == 1 }
            var refused: RawConnection? = try await post(60)
            #expect(try await refused?.receive().starts(with: Array("HTTP/1.1 503 ".utf8)) == true)
            (held, refused) = (nil, nil)
            try await eventually("room") { server.listener.statistics.openConnections == 0 }
            held = try await post(90)
            #expect(try await held?.receive().starts(with: Array("HTTP/1.1 200 ".utf8)) == true)
        }
    }

    @Test func `far too many are told so without being asked`() async throws {
        var limits = TransportLimits.patient
        limits.maxConnections = 1
        limits.refusalsAtOnce = 4
        try await TestServer.run(limits) { server in
            var held: [RawConnection] = []
            for _ in 0..<5 { held.append(try await RawConnection.open(to: server.port)) }
            // Event loops let in whom they see first, not who came first.
            try await eventually("the last that is held") { server.listener.statistics.openConnections == 5 }
            let last = try await RawConnection.open(to: server.port)
            var told: [UInt8] = []
            while case let more = try await last.receive(), !more.isEmpty { told += more }
            #expect(String(decoding: told, as: UTF8.self).hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
            #expect(try await HTTPAnswer.get("/", from: server.port).status == 503)
            try await eventually("a dropped connection") {
                server.listener.statistics.droppedConnections == 2
            }
            #expect(server.listener.statistics.openConnections == 5)
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
