// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

/// The scriptable upstream: honest first, then each of its vices.
@Suite(.timeLimit(.minutes(1))) struct ScriptedRelayTests {
    private let notes = (0..<5).map { Event.fixture(at: 1_700_000_000 + Int64($0), content: "note \($0)") }

    /// A client's end, and the text messages that came since it was asked last.
    private struct Client {
        let socket: RawWebSocket
        init(_ relay: ScriptedRelay) async throws { socket = try await RawWebSocket.connect(to: relay.port) }
        func ask(_ text: String) async throws { try await socket.send(text) }
        func next() async throws -> RelayMessage {
            try RelayMessage.parse(Array(try await socket.receiveText().utf8))
        }
        func next(_ count: Int) async throws -> [RelayMessage] {
            var messages: [RelayMessage] = []
            for _ in 0..<count { messages.append(try await next()) }
            return messages
        }
    }

    private func ids(_ messages: [RelayMessage]) -> [EventID] {
        messages.compactMap { if case .event(_, let event) = $0 { event.id } else { nil } }
    }

    @Test func `stored events come newest first, then EOSE, then what is published`() async throws {
        let relay = try await ScriptedRelay(holding: notes)
        let client = try await Client(relay)
        try await client.ask(#"["REQ","a",{"kinds":[1],"limit":3}]"#)
        let messages = try await client.next(4)
        #expect(ids(messages) == notes.reversed().prefix(3).map(\.id))
        #expect(messages.last == .endOfStoredEvents("a"))
        let live = Event.fixture(at: 1_800_000_000, content: "live")
        relay.publish([live, Event.fixture(kind: .issue, content: "not asked for")])
        #expect(ids([try await client.next()]) == [live.id])
        #expect(relay.record.requests.map(\.filters.count) == [1])
        #expect(relay.record.openSubscriptions == 1)
        try await client.ask(#"["CLOSE","a"]"#)
        try await eventually("the end of the subscription") { relay.record.openSubscriptions == 0 }
        #expect(relay.record.closes == ["a"])
        #expect(relay.record.maxSubscriptions == 1)
        await client.socket.close()
    }

    @Test func `the newest version of an address is held, and nothing that was deleted`() async throws {
        let old = Event.announcement("one", at: 1_700_000_000)
        let new = Event.announcement("one", at: 1_700_000_001)
        let deletion = Event.fixture(kind: .deletion, at: 1_700_000_002, tags: [.of("e", notes[0].id.hex)])
        let relay = try await ScriptedRelay(holding: [new, old, notes[0], deletion])
        #expect(relay.eventCount == 2)
        let client = try await Client(relay)
        try await client.ask(#"["REQ","a",{"kinds":[1,30617]}]"#)
        #expect(ids(try await client.next(2)) == [new.id])
    }

    @Test func `what a client publishes is checked, kept and told to others`() async throws {
        let relay = try await ScriptedRelay()
        let (reader, writer) = (try await Client(relay), try await Client(relay))
        try await reader.ask(#"["REQ","a",{}]"#)
        #expect(try await reader.next() == .endOfStoredEvents("a"))
        try await writer.ask("[\"EVENT\",\(notes[0].text)]")
        #expect(try await writer.next() == .ok(notes[0].id, accepted: true, message: ""))
        #expect(ids([try await reader.next()]) == [notes[0].id])
        let forged = notes[1].text.replacing("note 1", with: "note X")
        try await writer.ask("[\"EVENT\",\(forged)]")
        guard case .ok(_, accepted: false, _) = try await writer.next() else {
            Issue.record("a forged event was taken")
            return
        }
    }

    @Test func `limits are kept silently or told, as the script says`() async throws {
        let relay = try await ScriptedRelay(holding: notes) { script in
            script.maxLimit = 2
            script.maxSubscriptions = 1
            script.maxFilters = 2
        }
        let client = try await Client(relay)
        try await client.ask(#"["REQ","a",{"limit":100}]"#)
        #expect(ids(try await client.next(3)).count == 2)
        try await client.ask(#"["REQ","b",{}]"#)
        #expect(try await client.next() == .closed("b", message: "error: too many subscriptions"))
        try await client.ask(#"["REQ","a",{},{},{}]"#)
        #expect(try await client.next() == .closed("a", message: "error: too many filters"))
    }

    @Test func `reactions are chosen for each request`() async throws {
        let relay = try await ScriptedRelay(holding: notes) { script in
            script.reaction = { request in
                switch request.number {
                case 1: .closed("rate-limited: slow down")
                case 2: .notice("hello", then: .events([]))
                case 3: .ignore
                case 4: .answer
                default: .drop
                }
            }
            script.greeting = [#"["NOTICE","welcome"]"#]
        }
        let client = try await Client(relay)
        #expect(try await client.next() == .notice("welcome"))
        for name in ["a", "b", "c", "d", "e"] { try await client.ask("[\"REQ\",\"\(name)\",{\"limit\":0}]") }
        #expect(
            try await client.next(4) == [
                .closed("a", message: "rate-limited: slow down"), .notice("hello"), .endOfStoredEvents("b"),
                .endOfStoredEvents("d"),
            ])
        #expect(try await client.socket.receive() == .end)
        #expect(relay.record.requests.map(\.id) == ["a", "b", "c", "d", "e"])
    }

    @Test func `copies of an event may be false, many or of other events`() async throws {
        let stranger = Event.fixture(kind: .issue, content: "unasked")
        let relay = try await ScriptedRelay(holding: [notes[0]]) { script in
            script.copies = { event, _ in
                [event.text, event.text, event.text.replacing("note", with: "nope"), stranger.text]
            }
        }
        let client = try await Client(relay)
        try await client.ask(#"["REQ","a",{}]"#)
        #expect(ids(try await client.next(5)) == [notes[0].id, notes[0].id, notes[0].id, stranger.id])
    }

    @Test func `requests need a true answer to the challenge where the script says so`() async throws {
        let relay = try await ScriptedRelay(holding: notes) { $0.authentication = .required(challenge: "x") }
        let client = try await Client(relay)
        #expect(try await client.next() == .authChallenge("x"))
        try await client.ask(#"["REQ","a",{}]"#)
        #expect(try await client.next() == .closed("a", message: "auth-required: we serve friends only"))
        let answer = Event.fixture(
            kind: .clientAuthentication, tags: [.of("relay", relay.url), .of("challenge", "x")])
        try await client.ask("[\"AUTH\",\(answer.text)]")
        #expect(try await client.next() == .ok(answer.id, accepted: true, message: ""))
        try await client.ask(#"["REQ","a",{}]"#)
        #expect(ids(try await client.next(6)).count == 5)
        #expect(relay.record.authentications.map(\.id) == [answer.id])
    }

    @Test func `NIP-11 is what the script says, redirects and rubbish included`() async throws {
        let relay = try await ScriptedRelay()
        let accept = ["Accept": "application/nostr+json"]
        func answer() async throws -> HTTPAnswer {
            try await HTTPAnswer.get("/", from: relay.port, headers: accept)
        }
        #expect(try await answer().status == 404)
        relay.behave { $0.information = .document(#"{"name":"x"}"#) }
        #expect(try await answer().text == #"{"name":"x"}"#)
        relay.behave { $0.information = .redirect("http://127.0.0.1:1/") }
        #expect(try await answer().headers["location"] == "http://127.0.0.1:1/")
        relay.behave { $0.information = .raw(Array("HTTP/1.1 200 OK\r\n\r\nno json".utf8)) }
        #expect(try await answer().text == "no json")
        relay.behave { $0.information = .silence }
        await #expect(throws: TimedOut.self) {
            try await HTTPAnswer.get("/", from: relay.port, headers: accept, within: .milliseconds(50))
        }
        #expect(relay.record.informationRequests.count == 5)
    }

    @Test func `it can refuse connections and handshakes, and come back on its port`() async throws {
        let relay = try await ScriptedRelay()
        let client = try await Client(relay)
        try await relay.close()
        #expect(try await client.socket.receive() == .end)
        await #expect(throws: (any Error).self) { try await Client(relay) }
        try await relay.open()
        relay.behave { $0.handshake = .refuse(403) }
        await #expect(throws: RawWebSocket.Refused.self) { try await Client(relay) }
        relay.behave { $0.handshake = .accept }
        let again = try await Client(relay)
        relay.say(#"["NOTICE","to all"]"#)
        #expect(try await again.next() == .notice("to all"))
        relay.say(raw: WebSocketFrame(opcode: 2, payload: [1, 2]).encoded)
        #expect(try await again.socket.receive() == .binary([1, 2]))
        relay.hangUp()
        #expect(try await again.socket.receive() == .end)
        #expect(relay.record.conversations == 2)
    }

    @Test func `answers drip and EOSE is held back`() async throws {
        let relay = try await ScriptedRelay(holding: notes) { script in
            script.drip = .init(bytes: 64, every: .milliseconds(1))
            script.endOfStoredDelay = .milliseconds(20)
        }
        let client = try await Client(relay)
        try await client.ask(#"["REQ","a",{}]"#)
        let started = ContinuousClock.now
        let messages = try await client.next(6)
        #expect(ids(messages).count == 5)
        #expect(messages.last == .endOfStoredEvents("a"))
        #expect(ContinuousClock.now - started >= .milliseconds(20))
    }
}
