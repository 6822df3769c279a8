// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayTransport
import TestSupport
import Testing

/// Every way to break the protocol, over a real socket: the right close code, and the peer hears of it.
@Suite struct ViolationTests {
    private static let limits = {
        var limits = TransportLimits.patient
        limits.maxMessageLength = 1_000
        return limits
    }()

    private static func frame(_ opcode: UInt8, _ change: (inout WebSocketFrame) -> Void) -> WebSocketFrame {
        var frame = WebSocketFrame(opcode: opcode, payload: [])
        change(&frame)
        return frame
    }

    @Test(
        arguments: [
            ([.text("x").bare], 1002, .unmasked),
            ([frame(1) { $0.reserved = 4 }], 1002, .reservedBits),
            ([frame(1) { $0.reserved = 1 }], 1002, .reservedBits),
            ([frame(3) { _ in }], 1002, .unknownOpcode),
            ([frame(11) { _ in }], 1002, .unknownOpcode),
            ([frame(9) { $0.isFinal = false }], 1002, .fragmentedControl),
            ([frame(9) { $0.payload = Array(repeating: 1, count: 126) }], 1002, .longControl),
            ([frame(0) { _ in }], 1002, .strayContinuation),
            ([.piece(1, "x", isFinal: false), .text("y")], 1002, .interruptedMessage),
            ([frame(8) { $0.payload = [3] }], 1002, .badClose),
            ([.close(1006)], 1002, .badClose),
            ([frame(1) { $0.claimedLength = 1 << 63 }], 1002, .badLength),
            ([.binary([1, 2])], 1003, .binary),
            ([frame(1) { $0.payload = [0xC3, 0x28] }], 1007, .invalidText),
            ([.text(String(repeating: "x", count: 1_001))], 1009, .tooLong),
            (
                [
                    .piece(1, String(repeating: "x", count: 600), isFinal: false),
                    .piece(0, String(repeating: "x", count: 401), isFinal: true),
                ], 1009, .tooLong
            ),
        ] as [([WebSocketFrame], UInt16, ProtocolViolation)])
    func `a violation is answered with its close code`(
        frames: [WebSocketFrame], code: UInt16, violation: ProtocolViolation
    ) async throws {
        try await TestServer.run(Self.limits) { server in
            let client = try await RawWebSocket.connect(to: server.port)
            try await client.send("hello")
            #expect(try await client.receiveText() == "hello")
            for frame in frames { try await client.send(frame) }
            #expect(try await client.receive() == .close(code, violation.text))
            #expect(try await client.receive() == .end)
            #expect(try await server.log().end() == .violation(violation))
            #expect(server.listener.statistics.closedViolation == 1)
        }
    }

    @Test func `a message of exactly the limit passes`() async throws {
        try await TestServer.run(Self.limits) { server in
            let client = try await RawWebSocket.connect(to: server.port)
            let text = String(repeating: "x", count: 1_000)
            try await client.send(text)
            #expect(try await client.receiveText() == text)
        }
    }

    @Test func `who goes on sending a message that is too long still reads why`() async throws {
        try await TestServer.run(Self.limits) { server in
            let client = try await RawWebSocket.connect(to: server.port)
            let sender = Task { try await client.send(.text(String(repeating: "x", count: 2_000_000))) }
            #expect(try await client.closeCode(within: .seconds(60)) == 1009)
            _ = await sender.result
            client.abandon()
        }
    }

    @Test func `messages before the violation are handed over, those after it are not`() async throws {
        try await TestServer.run(Self.limits) { server in
            let client = try await RawWebSocket.connect(to: server.port)
            let frames = [WebSocketFrame.text("good"), .binary([]), .text("late")]
            try await client.send(bytes: frames.flatMap(\.encoded))
            #expect(try await client.receiveText() == "good")
            #expect(try await client.closeCode() == 1003)
            #expect(try await server.log().end() == .violation(.binary))
            #expect(try await server.log().entries.messages == ["good"])
        }
    }
}
