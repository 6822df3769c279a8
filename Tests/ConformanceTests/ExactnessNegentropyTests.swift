// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// Negentropy (NIP-77), as a server.
    @Suite struct ExactnessNegentropyTests {
        private let author = Author()

        @Test(arguments: [
            // Truncated in a bound, a fingerprint, a list; a prefix of 33 bytes; bounds that go backwards; a number
            // of 70 bits; 2^60 ids; odd, empty and no hexadecimal text; a mode that there is not; no version.
            "6100", "61000001ffff", "61000002", "610000020" + "1ff", "61002100", "610580000100000200",
            "610501ff00010000", "6181ffffffffffffffffff7f000200", "61000002908080808080808000", "610", "",
            "zz",
            "610000030000", "00", "7f",
        ])
        func `X30 a malformed message is refused with its id, and the relay goes on`(
            message: String
        ) async throws {
            let client = try await connect()
            try await client.store(author.event())
            let filter = #"{"authors":["\#(author.hex)"]}"#
            let first = try await client.negentropyRefusal(
                of: #"["NEG-OPEN","n",\#(filter),"\#(message)"]"#)
            #expect(first.hasPrefix("invalid: "), "\(first)")
            #expect(try await client.ask(#"["NEG-OPEN","n",\#(filter),"61"]"#).text(2) == "61")
            let later = try await client.negentropyRefusal(of: #"["NEG-MSG","n","\#(message)"]"#)
            #expect(later.hasPrefix("invalid: "), "\(later)")
            let gone = try await client.negentropyRefusal(of: #"["NEG-MSG","n","6100000200"]"#)
            #expect(gone.hasPrefix("closed: "), "after NEG-ERR the session is gone: \(gone)")
        }

        @Test func `X30 the published vectors`() async throws {
            let client = try await connect()
            let event = author.event()
            try await client.store(event)
            let filter = #"{"ids":["\#(event.id.hex)"]}"#
            let list = "6100000201" + event.id.hex
            for (message, answer) in [
                ("6100000200", list), ("6100000" + "1" + "7f9c9e31ac8256ca2f258583df262dbc", list),
                (list, list), ("62aabbccddeeff", "61"), ("61", "61"),
            ] {
                let said = try await client.ask(#"["NEG-OPEN","n",\#(filter),"\#(message)"]"#)
                #expect(said.verb == "NEG-MSG" && said.text(1) == "n", "\(said.parts)")
                #expect(said.text(2) == answer, "\(message)")
            }
            let next = try await client.ask(#"["NEG-MSG","n","6100000200"]"#)
            #expect(next.text(2) == list, "the session is open still")
        }

        @Test func `its ids are apart from those of REQ, its limit does not count, and it may be closed`()
            async throws
        {
            let client = try await connect()
            let events = [author.event(content: "a"), author.event(content: "b")]
            for event in events { try await client.store(event) }
            let filter = #"{"authors":["\#(author.hex)"],"limit":1}"#
            try await client.subscribe("neg", filter)
            #expect(Set(try await client.negentropy(filter)) == Set(events.map(\.id.hex)))
            // The subscription is open still.
            let live = author.event(content: "c")
            let other = try await connect()
            try await other.store(live)
            try await client.expectLive(live, on: "neg")
            let gone = try await client.negentropyRefusal(of: #"["NEG-MSG","neg","61"]"#, id: "neg")
            #expect(gone.hasPrefix("closed: "))
        }

        @Test func `what was deleted, replaced or has expired is in no set`() async throws {
            let client = try await connect()
            try await client.store(
                author.event(tags: .of("expiration", "\(Int64.now + 4)"), content: "expires"))
            let deleted = author.event(content: "deleted")
            let (old, new) = (author.event(10_002, at: .now - 9), author.event(10_002, at: .now - 1))
            let deletion = author.event(5, tags: .of("e", deleted.id.hex))
            for event in [deleted, old, new, deletion] { try await client.store(event) }
            let filter = #"{"authors":["\#(author.hex)"]}"#
            try await eventually("it has expired") {
                try await Set(client.negentropy(filter)) == [new.id.hex, deletion.id.hex]
            }
        }

        @Test func `X25 private messages alone are for those who show a key`() async throws {
            let client = try await connect()
            let request = #"["NEG-OPEN","n",{"kinds":[4]},"6100000200"]"#
            #expect(try await client.ask(request).verb == "AUTH", "before the refusal")
            let refusal = try await client.next()
            #expect(refusal.verb == "NEG-ERR" && refusal.text(1) == "n")
            #expect(refusal.text(2)?.hasPrefix("auth-required: ") == true, "\(refusal.parts)")
            let stranger = try await NostrClient.connect(to: relay, as: author)
            let others = ##"["NEG-OPEN","n",{"kinds":[1059],"#p":["\##(Author().hex)"]},"6100000200"]"##
            let restricted = try await stranger.negentropyRefusal(of: others)
            #expect(restricted.hasPrefix("restricted: "), "\(restricted)")
        }

        @Test func `X31 every refusal has the id, and where it is off it is not claimed`() async throws {
            let directory = try TemporaryDirectory("negentropy")
            for (name, config, word) in [
                ("off", "enabled = false", "blocked"), ("small", "max_records = 1", "blocked"),
                ("few", "max_sessions = 1", "error"),
            ] {
                let relay = try await RookeryProcess.serve(
                    dataDirectory: directory.file(name), config: "[relay.negentropy]\n\(config)")
                let client = try await NostrClient.connect(to: relay.port)
                for _ in 0..<2 { try await client.store(author.event(content: UUID().uuidString)) }
                if name == "few" { _ = try await client.ask(#"["NEG-OPEN","first",{},"61"]"#) }
                // What a tree tells is never too large.
                let answer = try await client.ask(#"["NEG-OPEN","n",{"kinds":[1]},"6100000200"]"#)
                #expect(answer.verb == "NEG-ERR" && answer.text(1) == "n", "\(name): \(answer.parts)")
                #expect(answer.text(2)?.hasPrefix("\(word): ") == true, "\(name): \(answer.parts)")
                if name == "small" { #expect(answer.parts.count == 4 && "\(answer.parts[3])" == "1") }
                let unread = try await client.negentropyRefusal(of: #"["NEG-OPEN","n",{"kinds":1},"61"]"#)
                #expect(unread.hasPrefix("invalid: "), "\(unread)")
                let told = try await relay.get("/", headers: ["Accept": "application/nostr+json"])
                let document = try JSONSerialization.jsonObject(with: Data(told.body)) as? [String: Any]
                let nips = document?["supported_nips"] as? [Int]
                #expect(nips?.contains(77) == (name != "off"), "\(name)")
                try await client.send(#"["NEG-CLOSE","n"]"#)
                try await client.expectSilence()
                try await relay.stop()
            }
        }
    }
}
