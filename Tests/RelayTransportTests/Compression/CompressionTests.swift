// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import RelayTransport
import TestSupport
import Testing

/// Compressed frames, good and bad, over a real socket.
@Suite struct CompressionTests {
    private static let limits = {
        var limits = TransportLimits.patient
        limits.maxMessageLength = 1_000
        return limits
    }()
    private static let offer = ["Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"]

    private static func compressed(_ text: String, final: Bool = true, opcode: UInt8 = 1) -> WebSocketFrame {
        var frame = WebSocketFrame(opcode: opcode, payload: InflaterTests.deflated(Array(text.utf8)))
        frame.reserved = 4
        frame.isFinal = final
        return frame
    }

    @Test func `a compressed message is read, in one frame or in several, between others that are not`()
        async throws
    {
        try await TestServer.run(Self.limits) { server in
            let client = try await RawWebSocket.connect(to: server.port, headers: Self.offer)
            try await client.send(Self.compressed("hello"))
            #expect(try await client.receiveText() == "hello")
            try await client.send("bare")
            #expect(try await client.receiveText() == "bare")
            let whole = Self.compressed("in several pieces")
            for (index, byte) in whole.payload.enumerated() {
                var piece = WebSocketFrame(opcode: index == 0 ? 1 : 0, payload: [byte])
                piece.reserved = index == 0 ? 4 : 0
                piece.isFinal = index == whole.payload.count - 1
                try await client.send(piece)
                if index == 3 { try await client.send(.ping([7])) }
            }
            #expect(try await client.receive() == .pong([7]))
            #expect(try await client.receiveText() == "in several pieces")
            let longest = String(repeating: "x", count: 1_000)
            try await client.send(Self.compressed(longest))
            try await eventually("the longest") { try await server.log().entries.messages.last == longest }
        }
    }

    @Test(
        arguments: [
            ([compressed("x", opcode: 9)], 1002, .reservedBits),
            ([compressed("x", opcode: 8)], 1002, .reservedBits),
            ([compressed("x", final: false), compressed("y", opcode: 0)], 1002, .reservedBits),
            ([.piece(1, "x", isFinal: false), compressed("y", opcode: 0)], 1002, .reservedBits),
            ([compressed("x", final: false), .text("y")], 1002, .interruptedMessage),
            ([compressed("x", opcode: 2)], 1003, .binary),
            ([compressed(String(repeating: "x", count: 1_001))], 1009, .tooLong),
            ([compressed(String(repeating: "x", count: 1_000_000))], 1009, .tooLong),
        ] as [([WebSocketFrame], UInt16, ProtocolViolation)])
    func `a violation is answered with its close code`(
        frames: [WebSocketFrame], code: UInt16, violation: ProtocolViolation
    ) async throws {
        try await TestServer.run(Self.limits) { server in
            let client = try await RawWebSocket.connect(to: server.port, headers: Self.offer)
            for frame in frames { try await client.send(frame) }
            #expect(try await client.receive() == .close(code, violation.text))
            #expect(try await server.log().end() == .violation(violation))
        }
    }

    @Test(arguments: [
        ([0xFF, 0xFF, 0xFF], ProtocolViolation.badCompression),
        (InflaterTests.deflated([0xC3, 0x28]), .invalidText),
    ])
    func `a message that stands for no text is refused`(payload: [UInt8], violation: ProtocolViolation)
        async throws
    {
        try await TestServer.run(Self.limits) { server in
            let client = try await RawWebSocket.connect(to: server.port, headers: Self.offer)
            var frame = WebSocketFrame(opcode: 1, payload: payload)
            frame.reserved = 4
            try await client.send(frame)
            #expect(try await client.receive() == .close(1007, violation.text))
        }
    }

    @Test func `nothing is agreed when it is switched off, or nobody offers it`() async throws {
        var limits = Self.limits
        limits.compresses = false
        for (limits, headers) in [(limits, Self.offer), (Self.limits, [:])] {
            try await TestServer.run(limits) { server in
                let client = try await RawWebSocket.connect(to: server.port, headers: headers)
                try await client.send(Self.compressed("x"))
                #expect(
                    try await client.receive() == .close(1002, ProtocolViolation.reservedBits.text))
            }
        }
    }
}
