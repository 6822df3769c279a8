// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import RelayTransport
import TestSupport
import Testing

@Suite struct SlowReaderTests {
    /// Sends `count` messages of 10,000 bytes in one turn.
    private func send(_ count: Int, on log: PeerLog) async throws {
        try await log.withConnection { connection in
            for _ in 0..<count {
                connection.withFrame { $0.writeRepeatingByte(UInt8(ascii: "x"), count: 10_000) }
            }
            connection.flush()
        }
    }

    @Test func `a reader that stops is reported, and again when it goes on`() async throws {
        try await TestServer.run { server in
            let client = try await RawWebSocket.connect(to: server.port, receiveBuffer: 4_096)
            let log = try await server.log()
            // More than any kernel buffer holds, less than the hard bound.
            try await send(700, on: log)
            try await eventually("unwritable") { log.entries.writability == [false] }
            try await log.withConnection { connection in
                #expect(!connection.isWritable)
                #expect(connection.queuedBytes > TransportLimits().highWaterMark)
            }
            #expect(server.listener.statistics.queuedBytes > 0)
            for _ in 0..<700 { _ = try await client.receiveText() }
            try await eventually("writable") { log.entries.writability == [false, true] }
            try await eventually("an empty queue") { server.listener.statistics.queuedBytes == 0 }
            #expect(log.entries.closed.isEmpty)
        }
    }

    @Test func `a reader beyond the hard bound is hopeless`() async throws {
        try await TestServer.run { server in
            let client = try await RawWebSocket.connect(to: server.port, receiveBuffer: 4_096)
            let log = try await server.log()
            try await send(2_000, on: log)
            #expect(try await log.end() == .tooSlow)
            try await log.withConnection { #expect($0.queuedBytes < 9_000_000) }
            // It may still read what was queued, and then why it ended.
            var last = RawWebSocket.Incoming.end
            while case let next = try await client.receive(), next != .end { last = next }
            #expect(last == .close(1013, "error: too slow"))
            #expect(server.listener.statistics.closedTooSlow == 1)
            #expect(server.listener.statistics.openWebSockets == 0)
        }
    }

    @Test func `a reader whose queue does not move is hopeless`() async throws {
        var limits = TransportLimits.patient
        limits.stallTimeout = .milliseconds(100)
        limits.closeTimeout = .milliseconds(100)
        try await TestServer.run(limits) { server in
            let client = try await RawWebSocket.connect(to: server.port, receiveBuffer: 4_096)
            let log = try await server.log()
            try await send(700, on: log)
            #expect(try await log.end() == .tooSlow)
            try await eventually("the socket is cut") { server.listener.statistics.openConnections == 0 }
            #expect(server.listener.statistics.queuedBytes == 0)
            client.abandon()
        }
    }

    @Test func `all readers together have a bound`() async throws {
        var limits = TransportLimits.patient
        limits.maxQueuedBytesInTotal = 10_000_000
        try await TestServer.run(limits) { server in
            let first = try await RawWebSocket.connect(to: server.port, receiveBuffer: 4_096)
            try await send(700, on: server.log(0))
            let second = try await RawWebSocket.connect(to: server.port, receiveBuffer: 4_096)
            try await send(700, on: server.log(1))
            #expect(try await server.log(1).end() == .tooSlow)
            #expect(try await server.log(0).entries.closed.isEmpty)
            first.abandon()
            second.abandon()
        }
    }

    @Test func `a slow reader does not disturb the others`() async throws {
        try await TestServer.run { server in
            let slow = try await RawWebSocket.connect(to: server.port, receiveBuffer: 4_096)
            try await send(700, on: server.log(0))
            for _ in 0..<4 {
                let client = try await RawWebSocket.connect(to: server.port)
                try await client.send("quick")
                #expect(try await client.receiveText() == "quick")
            }
            slow.abandon()
        }
    }
}
