// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// Words are searched for where that is offered (NIP-50).
    @Suite struct SearchTests {
        private let directory: TemporaryDirectory
        private let author = Author()

        init() throws { directory = try TemporaryDirectory("search") }

        private func serve(_ isOn: Bool = true) async throws -> RookeryProcess {
            try await RookeryProcess.serve(
                dataDirectory: directory.file("data"), config: "[relay]\nsearch = \(isOn)\n")
        }

        private func claims(_ relay: RookeryProcess) async throws -> Bool {
            let answer = try await relay.get("/", headers: ["Accept": "application/nostr+json"])
            let told = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
            return (told?["supported_nips"] as? [Int])?.contains(50) == true
        }

        @Test func `10 it claims NIP-50 where search is on, and only there`() async throws {
            let other = try await serve()
            #expect(try await claims(other))
            try await other.stop()
            #expect(try await !claims(relay))
            let client = try await connect()
            for verb in ["REQ", "COUNT"] {
                let answer = try await client.ask(#"["\#(verb)","a",{"search":"nest"}]"#)
                #expect(answer.verb == "CLOSED" && answer.text(1) == "a")
                #expect(answer.text(2) == "unsupported: search is not offered here")
            }
        }

        @Test func `what is found comes in the order of its worth, is limited then, counted, and live`()
            async throws
        {
            let relay = try await serve()
            let client = try await NostrClient.connect(to: relay.port)
            let now = Int64.now
            let named = author.event(
                30617, at: now - 50, tags: .of("d", "nest"), .of("name", "Nest"),
                .of("description", "of twigs"))
            let issue = author.event(
                1621, at: now - 40, tags: .of("subject", "The nest leaks"), content: "rain")
            let older = author.event(at: now - 30, content: "Größe of a NEST: 日本語")
            let newer = author.event(at: now - 20, content: "a nest of gifts")
            let other = author.event(at: now - 10, content: "nests")
            try await client.store(newer, other, older, issue, named)
            let order = [named, issue, newer, older].map(\.id.hex)
            #expect(try await client.find(#"{"search":"nest"}"#) == order)
            #expect(
                try await client.find(#"{"search":"Nest language:en","limit":3}"#) == Array(order.prefix(3)))
            #expect(try await client.find(#"{"search":"nest","kinds":[1],"limit":1}"#) == [newer.id.hex])
            #expect(try await client.find(#"{"search":"grosse 日本 nest"}"#) == [older.id.hex])
            #expect(
                try await client.find(#"{"search":"nest rain","authors":["\#(author.hex)"]}"#) == [
                    issue.id.hex
                ])
            #expect(try await client.find(#"{"search":"nest nowhere"}"#) == [])
            #expect(try await client.find(#"{"search":"","ids":["\#(other.id.hex)"]}"#) == [other.id.hex])
            #expect(try await client.count([#"{"search":"nest"}"#]) == 4)
            #expect(try await client.count([#"{"search":"nest"}"#, #"{"search":"nests"}"#]) == 5)

            try await client.subscribe("s", #"{"search":"twigs nest","limit":0}"#)
            let live = author.event(at: now, content: "Twigs make a nest")
            let writer = try await NostrClient.connect(to: relay.port)
            try await writer.store(author.event(at: now, content: "twigs alone"), live)
            try await client.expectLive(live, on: "s")
            try await client.send(#"["CLOSE","s"]"#)

            try await client.store(author.deletion(at: now, of: .of("e", newer.id.hex)))
            #expect(try await client.find(#"{"search":"gifts"}"#) == [])
            try await relay.stop()
        }

        @Test func `turned on over what is stored, it finds that as soon as it is indexed`() async throws {
            var relay = try await serve(false)
            let early = author.event(content: "an early bird")
            var client = try await NostrClient.connect(to: relay.port)
            try await client.store(early)
            try await relay.stop()
            relay = try await serve()
            client = try await NostrClient.connect(to: relay.port)
            let deadline = ContinuousClock.now + .seconds(20)
            while true {
                let answer = try await client.ask(#"["REQ","a",{"search":"bird"}]"#)
                if answer.verb == "EVENT" {
                    #expect(answer.eventID == early.id.hex)
                    break
                }
                #expect(answer.text(2)?.hasPrefix("error: ") == true)
                try #require(answer.verb == "CLOSED" && ContinuousClock.now < deadline)
            }
            // Killed, it has what it acknowledged.
            let late = author.event(content: "a late bird")
            try await NostrClient.connect(to: relay.port).store(late)
            try await relay.kill()
            relay = try await serve()
            client = try await NostrClient.connect(to: relay.port)
            #expect(Set(try await client.find(#"{"search":"bird"}"#)) == [early.id.hex, late.id.hex])
            try await relay.stop()
        }
    }
}
