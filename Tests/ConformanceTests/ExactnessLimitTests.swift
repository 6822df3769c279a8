// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// Every limit means what the information document says: so much is served, and one more is not.
    @Suite struct ExactnessLimitTests {
        private let directory: TemporaryDirectory
        private let author = Author()
        private var mine: String { #""authors":["\#(author.hex)"]"# }

        init() throws { directory = try TemporaryDirectory("limits") }

        /// A relay with these limits, and what it says of them.
        private func serve(_ limits: String) async throws -> (RookeryProcess, [String: Int]) {
            let relay = try await RookeryProcess.serve(
                dataDirectory: directory.file("data"), config: "[relay.limits]\n" + limits)
            let answer = try await relay.get("/", headers: ["Accept": "application/nostr+json"])
            let document = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
            let limitation = try #require(document?["limitation"] as? [String: Any])
            return (relay, limitation.compactMapValues { $0 as? Int })
        }

        @Test func `X26 X29 a message one byte too long ends the conversation with 1009`() async throws {
            let (relay, told) = try await serve("max_message_length = 4000")
            let limit = try #require(told["max_message_length"])
            #expect(limit == 4000)
            let client = try await NostrClient.connect(to: relay.port)
            let request = #"["REQ","a",{"limit":0}]"#
            let longest = request + String(repeating: " ", count: limit - request.utf8.count)
            #expect(try await client.ask(longest).verb == "EOSE")
            try await client.send(longest + " ")
            #expect(try await client.socket.closeCode() == 1009)
        }

        @Test func `X26 a handshake that comes too slowly is ended`() async throws {
            let slow = try await RawConnection.open(to: try Conformance.relay.port)
            try await slow.send("GET / HTTP/1.1\r\nHost: x\r\nUpgr")
            let answer = String(decoding: try await slow.receive(within: .seconds(30)), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 408 "), "\(answer)")
        }

        @Test func `X27 X29 a subscription too many is refused alone`() async throws {
            let (relay, told) = try await serve("max_subscriptions = 3")
            let client = try await NostrClient.connect(to: relay.port)
            let names = (0..<(try #require(told["max_subscriptions"]))).map { "\($0)" }
            #expect(names.count == 3)
            for name in names { try await client.subscribe(name, #"{"kinds":[1]}"#) }
            #expect(try await client.refusal(of: "{}").hasPrefix("error: "))
            try await client.subscribe("0", #"{"kinds":[1]}"#)
            let note = author.event()
            try await NostrClient.connect(to: relay.port).store(note)
            var heard: Set<String> = []
            for _ in names { heard.insert(try await client.next().text(1) ?? "") }
            #expect(heard == Set(names), "each of those that were open before")
        }

        // What counts as one address with IPv6, the /64, is proven where it is decided: `AddressKeyTests`.
        @Test func `X27 connections too many from one address, and in all, are refused before the upgrade`()
            async throws
        {
            let (relay, _) = try await serve("max_connections_per_address = 2")
            let open = [try await relay.connect(), try await relay.connect()]
            let tooMany = await #expect(throws: RawWebSocket.Refused.self) { _ = try await relay.connect() }
            #expect(tooMany?.answer.status == 429)
            try await relay.stop()
            withExtendedLifetime(open) {}

            let full = try await RookeryProcess.serve(
                dataDirectory: directory.file("data"), config: "[relay.limits]\nmax_connections = 2")
            let more = [try await full.connect(), try await full.connect()]
            let refused = await #expect(throws: RawWebSocket.Refused.self) { _ = try await full.connect() }
            #expect(refused?.answer.status == 503)
            withExtendedLifetime(more) {}
        }

        @Test func `X29 a request keeps to limit, filters and subscription id as they are told`()
            async throws
        {
            let (relay, told) = try await serve(
                "max_limit = 5\ndefault_limit = 3\nmax_filters = 4\nmax_subid_length = 10")
            #expect(told["max_limit"] == 5 && told["default_limit"] == 3)
            #expect(told["max_filters"] == 4 && told["max_subid_length"] == 10)
            let client = try await NostrClient.connect(to: relay.port)
            let notes = (0..<7).map { author.event(at: .now - $0) }
            for note in notes { try await client.store(note) }
            let newest = notes.map(\.id.hex)
            #expect(try await client.find("{}") == Array(newest.prefix(3)))
            for (asked, served) in [(4, 4), (5, 5), (6, 5), (Int.max, 5)] {
                #expect(try await client.find(#"{"limit":\#(asked)}"#) == Array(newest.prefix(served)))
            }
            func request(filters: Int, id: Int) async throws -> String {
                let filters = Array(repeating: #"{"limit":0}"#, count: filters).joined(separator: ",")
                let id = String(repeating: "é", count: id)
                return try await client.ask("[\"REQ\",\"\(id)\",\(filters)]").verb
            }
            #expect(try await request(filters: 4, id: 1) == "EOSE")
            #expect(try await request(filters: 5, id: 1) == "CLOSED")
            #expect(try await request(filters: 1, id: 10) == "EOSE")
            #expect(try await request(filters: 1, id: 11) == "CLOSED")
        }

        @Test func `X29 an event keeps to tags, content and time as they are told`() async throws {
            let (relay, told) = try await serve(
                """
                max_event_tags = 3
                max_content_length = 5
                created_at_lower_limit = 1000
                created_at_upper_limit = 60
                """)
            #expect(told["max_event_tags"] == 3 && told["max_content_length"] == 5)
            #expect(told["created_at_lower_limit"] == 1000 && told["created_at_upper_limit"] == 60)
            let client = try await NostrClient.connect(to: relay.port)
            func expect(_ event: Event, accepted: Bool, _ at: SourceLocation = #_sourceLocation) async throws
            {
                let answer = try await client.post(event, at)
                #expect(answer.accepted == accepted, "\(answer)", sourceLocation: at)
                if !accepted { #expect(answer.word == "invalid", sourceLocation: at) }
            }
            let tag = Tag.of("t", "x")
            try await expect(author.event(tags: tag, tag, tag), accepted: true)
            try await expect(author.event(tags: tag, tag, tag, tag), accepted: false)
            try await expect(author.event(content: "🪶🪶🪶🪶🪶"), accepted: true)
            try await expect(author.event(content: "🪶🪶🪶🪶🪶x"), accepted: false)
            // The clock only moves on: what is not too far ahead now is not later, nor is what is too old.
            try await expect(author.event(at: .now + 60, content: "a"), accepted: true)
            try await expect(author.event(at: .now - 1001, content: "b"), accepted: false)
            // The other side of both bounds, when the second did not change between asking and being answered.
            for (offset, accepted) in [(Int64(61), false), (-1000, true)] {
                try await eventually("an answer within one second") {
                    let now = Int64.now
                    let event = author.event(
                        at: now + offset, tags: .of("n", "\(Int.random(in: 0 ... .max))"))
                    let answer = try await client.post(event)
                    guard Int64.now == now else { return false }
                    #expect(answer.accepted == accepted, "\(offset): \(answer)")
                    return true
                }
            }
        }

        @Test func `a state of ten thousand refs and a MiB is taken, a note of that size is not`()
            async throws
        {
            let client = try await Conformance.connect()
            let refs = (0..<10_000).map { number in
                Tag.of(
                    "refs/heads/feature/\(String(repeating: "x", count: 35))-\(number)",
                    String(author.hex.prefix(40)))
            }
            let tags = [Tag.of("d", "large")] + refs
            for kind: Kind in [30_618, 1617] {
                let event = author.event(kind, tags: tags)
                #expect(event.json.count >= 1 << 20)
                try await client.store(event)
                #expect(try await client.find([event]) == [event.id.hex])
            }
            for kind: Kind in [1, 30_023] {
                let answer = try await client.post(author.event(kind, tags: tags))
                #expect(!answer.accepted && answer.word == "invalid", "\(answer)")
            }
            let long = String(repeating: "x", count: 1 << 20)
            try await client.store(author.event(1617, content: long))
            #expect(try await client.post(author.event(content: long)).word == "invalid")
        }

        @Test func `a gift wrap of two days ago is taken, whatever created_at_lower_limit says`() async throws
        {
            let (relay, _) = try await serve("created_at_lower_limit = 60")
            let client = try await NostrClient.connect(to: relay.port)
            try await client.store(author.event(1059, at: .now - 2 * 86_400, tags: .of("p", author.hex)))
            #expect(try await client.post(author.event(1059, at: .now - 4 * 86_400)).word == "invalid")
            #expect(try await client.post(author.event(at: .now - 1000)).word == "invalid")
        }

        @Test func `X29 an event brings as much work as is told, and was meant to`() async throws {
            let (relay, told) = try await serve("min_pow_difficulty = 8")
            let needed = try #require(told["min_pow_difficulty"])
            let client = try await NostrClient.connect(to: relay.port)
            func mined(committed: Int, where isWanted: (Int) -> Bool) -> Event {
                var nonce = 0
                while true {
                    let event = author.event(
                        at: 1_700_000_000, tags: .of("nonce", "\(nonce)", "\(committed)"))
                    let zeroBits = event.id.bytes.words.0.leadingZeroBitCount
                    if isWanted(zeroBits) { return event }
                    nonce += 1
                }
            }
            #expect(needed == 8)
            try await client.store(mined(committed: needed) { $0 >= needed })
            let less = try await client.post(mined(committed: needed) { $0 == needed - 1 })
            #expect(!less.accepted && less.message == "pow: difficulty 7 is less than 8")
            let luck = try await client.post(mined(committed: needed - 1) { $0 >= needed })
            #expect(!luck.accepted && luck.word == "pow", "\(luck)")
        }

        @Test func `X29 plain HTTP is answered for every page, whatever it asks first`() async throws {
            let relay = try Conformance.relay
            for (method, status) in [("OPTIONS", 204), ("HEAD", 200), ("GET", 200)] {
                let answer = try await relay.get(
                    "/", method: method,
                    headers: ["Accept": "application/nostr+json", "Accept-Encoding": "gzip, br"])
                #expect(answer.status == status, "\(method)")
                #expect(answer.headers["access-control-allow-origin"] == "*", "\(method)")
                #expect(answer.headers["access-control-allow-headers"] != nil, "\(method)")
                #expect(answer.headers["access-control-allow-methods"] != nil, "\(method)")
                // No encoding is forced on anybody; what is sent is what it says it is.
                #expect(answer.headers["content-encoding"] == nil)
                #expect(answer.body.isEmpty == (method != "GET"))
                if method == "GET" { _ = try JSONSerialization.jsonObject(with: Data(answer.body)) }
            }
        }
    }
}
