// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

@testable import RelayTransport

@Suite struct FrameDecoderTests {
    private func items(_ frames: WebSocketFrame..., maxMessageLength: Int = 1_000_000) -> [DecodedItem] {
        DecodedItem.all(in: [frames.flatMap(\.encoded)], maxMessageLength: maxMessageLength)
    }

    private func text(_ text: String) -> DecodedItem { .text(Array(text.utf8)) }

    @Test func `messages of one frame come one after the other`() {
        #expect(
            items(.text("a"), .text(""), .text("Grüße, 世界 🪶")) == [text("a"), text(""), text("Grüße, 世界 🪶")])
    }

    @Test func `a long message in pieces may follow one that was compressed`() {
        var begun = WebSocketFrame.piece(1, "xy", isFinal: false)
        begun.reserved = 4
        let long = String(repeating: "z", count: 150)
        let frames: [WebSocketFrame] = [
            begun, .piece(0, "z", isFinal: true), .piece(1, long, isFinal: false),
            .piece(0, long, isFinal: true),
        ]
        let found = DecodedItem.all(
            in: [frames.flatMap(\.encoded)], maxMessageLength: 100, maxLengthInParts: 1_000,
            mayBeCompressed: true)
        #expect(found == [text("xyz"), .inParts(Array((long + long).utf8))])
    }

    @Test func `a message in pieces is put together around control frames`() {
        let found = items(
            .piece(1, "one ", isFinal: false), .ping([1]), .piece(0, "", isFinal: false),
            WebSocketFrame(opcode: 10, payload: [2]), .piece(0, "two", isFinal: true), .text("next"))
        #expect(found == [.ping([1]), .pong([2]), text("one two"), text("next")])
    }

    @Test func `a character may be cut by a frame's end`() {
        let bytes = Array("é".utf8)
        var first = WebSocketFrame(opcode: 1, payload: [bytes[0]])
        first.isFinal = false
        #expect(items(first, WebSocketFrame(opcode: 0, payload: [bytes[1]])) == [text("é")])
    }

    @Test func `a message of exactly the limit passes and one byte more does not`() {
        let limit = String(repeating: "x", count: 300)
        #expect(items(.text(limit), maxMessageLength: 300) == [text(limit)])
        #expect(items(.text(limit + "y"), maxMessageLength: 300) == [.violation(.tooLong)])
        let half = String(repeating: "x", count: 150)
        #expect(
            items(.piece(1, half, isFinal: false), .piece(0, half, isFinal: true), maxMessageLength: 300)
                == [text(limit)])
        #expect(
            items(
                .piece(1, half, isFinal: false), .piece(0, half + "y", isFinal: true), maxMessageLength: 300)
                == [.violation(.tooLong)])
    }

    @Test func `a message too long is refused by its header alone`() {
        var frame = WebSocketFrame.text("")
        frame.claimedLength = 1 << 40
        #expect(items(frame) == [.violation(.tooLong)])
    }

    @Test func `a message too long is handed over in parts, up to a bound of its own`() {
        func items(_ frames: WebSocketFrame...) -> [DecodedItem] {
            DecodedItem.all(
                in: [frames.flatMap(\.encoded)], maxMessageLength: 10, maxLengthInParts: 20)
        }
        let long = String(repeating: "x", count: 20)
        #expect(items(.text(long), .text("a")) == [.inParts(Array(long.utf8)), text("a")])
        #expect(items(.text(long + "y")) == [.violation(.tooLong)])
        // Known to be too long with its second frame only; an empty frame may end it.
        #expect(
            items(
                .piece(1, "12345", isFinal: false), .ping([1]), .piece(0, "6789012", isFinal: false),
                .piece(0, "", isFinal: false), .ping([2]), .piece(0, "", isFinal: true), .text("b"))
                == [.ping([1]), .ping([2]), .inParts(Array("123456789012".utf8)), text("b")])
        #expect(
            items(.piece(1, long, isFinal: false), .piece(0, "y", isFinal: true))
                == [.inParts(Array(long.utf8)), .violation(.tooLong)])
        #expect(
            items(.piece(1, long, isFinal: false), .text("y"))
                == [.inParts(Array(long.utf8)), .violation(.interruptedMessage)])
        #expect(
            items(.piece(1, long, isFinal: false), .binary([1]))
                == [.inParts(Array(long.utf8)), .violation(.interruptedMessage)])
        #expect(items(.binary(Array(long.utf8))) == [.violation(.binary)])
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80],
            [0xF8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func `text that is not UTF-8 is refused`(bytes: [UInt8]) {
        #expect(items(WebSocketFrame(opcode: 1, payload: bytes)) == [.violation(.invalidText)])
        var first = WebSocketFrame(opcode: 1, payload: bytes)
        first.isFinal = false
        #expect(items(first, .piece(0, "", isFinal: true)) == [.violation(.invalidText)])
        let padded = Array(repeating: UInt8(ascii: "a"), count: 100) + bytes
        #expect(items(WebSocketFrame(opcode: 1, payload: padded)) == [.violation(.invalidText)])
    }

    @Test func `the order of frames is kept up`() {
        #expect(items(.piece(0, "x", isFinal: true)) == [.violation(.strayContinuation)])
        #expect(items(.piece(1, "x", isFinal: false), .text("y")) == [.violation(.interruptedMessage)])
        #expect(items(.piece(1, "x", isFinal: false), .binary([1])) == [.violation(.interruptedMessage)])
        #expect(items(.binary([])) == [.violation(.binary)])
    }

    @Test func `close frames are read`() {
        #expect(items(WebSocketFrame(opcode: 8)) == [.close(nil, "")])
        #expect(items(.close(1000, "")) == [.close(.normal, "")])
        #expect(items(.close(4000, "brb ☕")) == [.close(CloseCode(rawValue: 4000), "brb ☕")])
        #expect(items(WebSocketFrame(opcode: 8, payload: [3])) == [.violation(.badClose)])
        #expect(items(WebSocketFrame(opcode: 8, payload: [3, 0xE8, 0xFF])) == [.violation(.badClose)])
    }

    @Test(arguments: [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535] as [UInt16])
    func `codes that may not be sent are refused`(code: UInt16) {
        #expect(items(.close(code)) == [.violation(.badClose)])
    }

    @Test func `a client reads bare frames`() {
        let bytes = [WebSocketFrame.text("a").bare, .text("b").bare].flatMap(\.encoded)
        #expect(DecodedItem.all(in: [bytes], as: .client) == [text("a"), text("b")])
        #expect(DecodedItem.all(in: [WebSocketFrame.text("a").encoded], as: .client) == [.violation(.masked)])
    }
}
