// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

/// Bad input gets the right answer, costs only its sender, and leaves everybody else alone.
@Suite(.timeLimit(.minutes(2))) struct BadInputTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func serve(_ limits: String = "") async throws -> RookeryProcess {
        try await RookeryProcess.serve(
            dataDirectory: directory.file("data"),
            config: "[relay.limits]\nmax_message_length = 200000\n\(limits)")
    }

    @Test func `malformed messages are answered and the connection goes on`() async throws {
        let rookery = try await serve()
        let client = try await NostrClient.connect(to: rookery.port)
        func answer(to text: String) async throws -> NostrClient.Message {
            try await client.send(text)
            return try await client.next()
        }
        for text in [
            "", "[", "{}", "[]", "nonsense", "[1]", #"["NOSUCH",1]"#, "[\"EVENT\"", "[\"EVENT\"]",
            "[\"REQ\"]",
        ] {
            #expect(try await answer(to: text).verb == "NOTICE", "\(text)")
        }
        let deep = String(repeating: "[", count: 50_000)
        #expect(try await answer(to: deep).verb == "NOTICE")
        for (filter, prefix) in [
            (#"{"foo":1}"#, "unsupported:"), (#"{"kinds":["1"]}"#, "invalid:"),
            (#"{"kinds":[65536]}"#, "invalid:"),
            (#"{"ids":["ABCD"]}"#, "invalid:"), (#"{"authors":"x"}"#, "invalid:"),
            (#"{"since":-1}"#, "invalid:"),
            ("[]", "invalid:"), ("7", "invalid:"),
        ] {
            for verb in ["REQ", "COUNT"] {
                let message = try await answer(to: "[\"\(verb)\",\"s\",\(filter)]")
                #expect(message.verb == "CLOSED", "\(filter)")
                #expect(message.text(1) == "s")
                #expect(message.text(2)?.hasPrefix(prefix) == true, "\(filter): \(message.parts)")
            }
        }
        #expect(try await client.query(["{}"]).isEmpty)
    }

    @Test func `a false id or signature is refused, and the true event is not harmed`() async throws {
        let rookery = try await serve()
        let client = try await NostrClient.connect(to: rookery.port)
        let note = Event.fixture(content: "the one")
        let hex = note.id.hex
        let falseID = note.text.replacing(hex, with: String(hex.reversed()))
        let refusedID = try await client.publish(falseID)
        #expect(!refusedID.accepted && refusedID.message.hasPrefix("invalid:"))
        #expect(refusedID.id == String(hex.reversed()))
        let signature = String(note.text.suffix(130).prefix(128))
        let falseSignature = note.text.replacing(signature, with: String(signature.reversed()))
        let refusedSignature = try await client.publish(falseSignature)
        #expect(!refusedSignature.accepted && refusedSignature.message.hasPrefix("invalid:"))
        #expect(refusedSignature.id == hex)
        #expect(try await client.query(["{}"]).isEmpty)
        let accepted = try await client.publish(note.text)
        #expect(accepted.accepted && accepted.message == "")
        // Known by now: a bad copy is answered without touching the good one.
        _ = try await client.publish(falseSignature)
        #expect(try await client.query(["{}"]) == [hex])
    }

    @Test func `broken frames close with the code that RFC 6455 gives them`() async throws {
        let rookery = try await serve()
        var bare = WebSocketFrame.text("[]")
        bare.mask = nil
        var reserved = WebSocketFrame.text("[]")
        reserved.reserved = 4
        var endlessPing = WebSocketFrame.ping([UInt8](repeating: 0, count: 126))
        endlessPing.isFinal = true
        var splitPing = WebSocketFrame.ping()
        splitPing.isFinal = false
        var huge = WebSocketFrame.text("[")
        huge.claimedLength = 1 << 62
        var negative = WebSocketFrame.text("[")
        negative.claimedLength = .max
        let cases: [(String, [WebSocketFrame], Set<UInt16>)] = [
            ("binary", [.binary([1, 2, 3])], [1003]),
            ("invalid UTF-8", [.init(opcode: 1, payload: [0x5B, 0xFF, 0x5D])], [1007]),
            ("a surrogate in UTF-8", [.init(opcode: 1, payload: [0xED, 0xA0, 0x80])], [1007]),
            ("too large", [.text(String(repeating: "x", count: 200_001))], [1009]),
            ("too large by its claim", [huge], [1009]),
            ("a length with its top bit", [negative], [1002, 1009]),
            ("no mask", [bare], [1002]), ("a reserved bit", [reserved], [1002]),
            ("a reserved opcode", [.init(opcode: 3)], [1002]), ("a long ping", [endlessPing], [1002]),
            ("a ping in pieces", [splitPing], [1002]), ("a stray continuation", [.init(opcode: 0)], [1002]),
            ("a close of one byte", [.init(opcode: 8, payload: [3])], [1002]),
        ]
        for (name, frames, codes) in cases {
            let socket = try await rookery.connect()
            for frame in frames { try await socket.send(frame) }
            let code = try await socket.closeCode()
            #expect(code.map(codes.contains) == true, "\(name): \(String(describing: code))")
        }
    }

    @Test func `a message in pieces is bounded as a whole`() async throws {
        let rookery = try await serve()
        let socket = try await rookery.connect()
        for index in 0..<5 {
            var piece = WebSocketFrame(
                opcode: index == 0 ? 1 : 0, payload: [UInt8](repeating: 0x20, count: 50_000))
            piece.isFinal = false
            try? await socket.send(piece)
        }
        #expect(try await socket.closeCode() == 1009)
    }

    @Test func `filters beyond the limits are refused and cost nothing`() async throws {
        let rookery = try await serve("max_filters = 5\nmax_subscriptions = 3\nmax_subid_length = 8")
        let client = try await NostrClient.connect(to: rookery.port)
        func answer(to text: String) async throws -> NostrClient.Message {
            try await client.send(text)
            return try await client.next()
        }
        let many = Array(repeating: #"{"kinds":[1]}"#, count: 6).joined(separator: ",")
        #expect(try await answer(to: "[\"REQ\",\"s\",\(many)]").verb == "CLOSED")
        #expect(["CLOSED", "NOTICE"].contains(try await answer(to: #"["REQ","ninechars",{}]"#).verb))
        #expect(["CLOSED", "NOTICE"].contains(try await answer(to: #"["REQ","",{}]"#).verb))
        for name in ["a", "b", "c"] {
            #expect(try await answer(to: #"["REQ","\#(name)",{}]"#).verb == "EOSE")
        }
        let fourth = try await answer(to: #"["REQ","d",{}]"#)
        #expect(fourth.verb == "CLOSED" && fourth.text(1) == "d")
        let authors = (0..<2500).map {
            "\"" + String(repeating: "0", count: 60) + String(format: "%04x", $0) + "\""
        }
        let wide = try await answer(to: "[\"REQ\",\"a\",{\"authors\":[\(authors.joined(separator: ","))]}]")
        #expect(["EOSE", "CLOSED"].contains(wide.verb))
    }

    @Test func `abusers leave memory bounded and others unharmed`() async throws {
        let rookery = try await serve()
        let honest = try await NostrClient.connect(to: rookery.port)
        for index in 0..<200 {
            let note = Event.fixture(
                at: 1_740_000_000 + Int64(index), content: String(repeating: "long ", count: 2000),
                by: index % 5)
            #expect(try await honest.publish(note.text).accepted)
        }
        let before = try rookery.anonymousMemory()

        var abusers: [RawWebSocket] = []
        for index in 0..<60 {
            let socket = try await rookery.connect(receiveBuffer: 4096)
            abusers.append(socket)
            switch index % 4 {
            case 0:  // Half a large frame, and then nothing.
                let frame = WebSocketFrame.text(String(repeating: "x", count: 150_000)).encoded
                try await socket.send(bytes: Array(frame.dropLast(10)))
            case 1:  // Asks for everything, again and again, and reads nothing: 20 × 2 MB each.
                for round in 0..<20 { try await socket.send(#"["REQ","r\#(round)",{}]"#) }
            case 2:  // Garbage.
                // It is shown the door somewhere on the way.
                for _ in 0..<200 { try? await socket.send("garbage ]]]]") }
            default:  // Says goodbye and stays; hangs up in the middle.
                try await socket.send(bytes: [0x81, 0xFE])
                socket.abandon(halfOnly: index % 8 == 3)
            }
        }
        let clock = ContinuousClock()
        var slowest = Duration.zero
        for index in 0..<50 {
            let note = Event.fixture(at: 1_741_000_000 + Int64(index), content: "honest \(index)", by: 6)
            let start = clock.now
            #expect(try await honest.publish(note.text).accepted)
            #expect(try await honest.query([#"{"ids":["\#(note.id)"]}"#]) == [note.id.hex])
            slowest = max(slowest, clock.now - start)
        }
        #expect(slowest < .seconds(2), "the slowest round of an honest client took \(slowest)")
        let grown = try rookery.anonymousMemory() - before
        #expect(grown < 150 << 20, "anonymous memory grew by \(grown >> 20) MiB")
        for socket in abusers { socket.abandon() }
        #expect(try await rookery.get("/healthz").status == 200)
        #expect(try await rookery.stop() == .code(0))
    }

    @Test func `half-open connections do not keep others out`() async throws {
        let rookery = try await serve()
        var halves: [RawConnection] = []
        for index in 0..<100 {
            let half = try await RawConnection.open(to: rookery.port)
            if index % 2 == 0 { try await half.send("GET / HTTP/1.1\r\nHost: x\r\nUpgr") }
            halves.append(half)
        }
        let client = try await NostrClient.connect(to: rookery.port)
        #expect(try await client.publish(Event.fixture().text).accepted)
        #expect(try await rookery.get("/healthz").status == 200)
        // Whether they said something or nothing, they are told the time is up.
        for half in halves[..<4] {
            let answer = String(decoding: try await half.receive(within: .seconds(30)), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 408 "), "\(answer)")
        }
    }

    @Test func `ten thousand pieces of garbage end with 1008, and one address has only so many connections`()
        async throws
    {
        let rookery = try await serve("max_connections_per_address = 2")
        let honest = try await NostrClient.connect(to: rookery.port)
        let socket = try await rookery.connect()
        let refusal = await #expect(throws: RawWebSocket.Refused.self) { _ = try await rookery.connect() }
        #expect(refusal?.answer.status == 429)
        let garbage = Array(repeating: WebSocketFrame.text("garbage ]]]]").encoded, count: 10_000)
        try? await socket.send(bytes: Array(garbage.joined()))
        #expect(try await socket.closeCode() == 1008)
        await socket.close()
        #expect(try await honest.publish(Event.fixture().text).accepted)
        let samples = try await eventually("room for a scrape") {
            let samples = try await rookery.metrics()
            return samples.isEmpty ? nil : samples
        }
        #expect(samples["rookery_relay_connections_closed_total{reason=\"expelled\"}"] == 1)
        #expect(try #require(samples["rookery_relay_connections_refused_total"]) >= 1)
        #expect(try #require(samples["rookery_relay_messages_total{verb=\"NOTICE\"}"]) < 200)
    }
}
