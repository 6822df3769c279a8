// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import TestSupport
import Testing

@testable import RelayTransport

@Suite struct FrameStripTests {
    private static let close = UInt8(ascii: ">")

    private static func frame(_ text: String, on strip: FrameStrip) -> Range<Int> {
        let (header, body) = (Array("<".utf8), Array(text.utf8))
        return strip.append(header: header.span, body: body.span, trailer: close)
    }

    @Test(arguments: [false, true])
    func `frames of a strip arrive in the order they were sent, among others`(isSealed: Bool) async throws {
        try await TestServer.run { server in
            let client = try await RawWebSocket.connect(to: server.port)
            let log = try await server.log()
            try await log.withConnection { connection in
                let (first, second) = (FrameStrip(capacity: 10), FrameStrip(capacity: 10))
                connection.withFrame { $0.writeString("a") }
                connection.send(Self.frame("b", on: first), of: first)
                connection.send(Self.frame("c", on: first), of: first)
                _ = Self.frame("somebody else's", on: first)
                connection.send(Self.frame("d", on: first), of: first)
                connection.withFrame { $0.writeString("e") }
                connection.send(Self.frame("f", on: second), of: second)
                connection.send(Self.frame(String(repeating: "g", count: 70_000), on: second), of: second)
                #expect(second.isFull)
                if isSealed { second.seal() }
                let third = FrameStrip(capacity: 10)
                connection.send(Self.frame("h", on: third), of: third)
                if isSealed { third.seal() }
                connection.flush()
                #expect(connection.appendedBytes == 0)
            }
            for text in ["a", "<b>", "<c>", "<d>", "e", "<f>"] {
                #expect(try await client.receiveText() == text)
            }
            #expect(try await client.receiveText() == "<" + String(repeating: "g", count: 70_000) + ">")
            #expect(try await client.receiveText() == "<h>")
        }
    }

    @Test func `a small part of a strip is copied, so that it does not hold the rest`() {
        let strip = FrameStrip(capacity: 100)
        let small = Self.frame("x", on: strip)
        let large = Self.frame(String(repeating: "y", count: 100), on: strip)
        #expect(strip.slice(large) == nil, "it may still grow")
        strip.seal()
        #expect(strip.slice(small) == nil)
        #expect(strip.slice(large)?.readableBytes == large.count)
        var copy = ByteBuffer()
        strip.copy(small, to: &copy)
        #expect(copy == ByteBuffer(bytes: [0x81, 3] + Array("<x>".utf8)))
    }

    @Test func `what is owed of a strip counts against the reader`() async throws {
        var limits = TransportLimits.patient
        (limits.highWaterMark, limits.lowWaterMark) = (1_000, 500)
        try await TestServer.run(limits) { server in
            let client = try await RawWebSocket.connect(to: server.port)
            let log = try await server.log()
            try await log.withConnection { connection in
                let strip = FrameStrip(capacity: 10)
                #expect(connection.isWritable)
                connection.send(Self.frame(String(repeating: "x", count: 1_001), on: strip), of: strip)
                #expect(!connection.isWritable)
                #expect(connection.queuedBytes > 1_000)
            }
            await client.close()
        }
    }
}
