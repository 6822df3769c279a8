// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// What an event may look like, and what of it is kept.
    @Suite struct ExactnessEventTests {
        @Test
        func `X11 an event in any order, with white space and further fields, is acknowledged by its id`()
            async throws
        {
            let client = try await connect()
            let note = SpelledEvent(content: "spelt otherwise")
            let parts = note.json.dropFirst().dropLast().split(separator: ",\"").map { part in
                part.hasPrefix("\"") ? String(part) : "\"" + part
            }
            let spelt =
                "{ \"extra\" : { \"id\" : [ 1, null ] } ,\n"
                + parts.reversed().joined(separator: " ,\t").replacing("\":", with: "\" : ") + " }"
            #expect(try await client.post(json: spelt, id: note.id).accepted)
            try await client.send(#"["REQ","a",{"ids":["\#(note.id)"]}]"#)
            let served = try #require(try await client.stored("a").first?.object(2))
            #expect(
                Set(served.keys) == ["id", "pubkey", "created_at", "kind", "tags", "content", "sig"])
            #expect(served["content"] as? String == note.content)
        }

        @Test(arguments: [
            ("65535", true), ("65536", false), ("-1", false), ("1.5", false), ("\"1\"", false),
        ])
        func `X13 a kind is an integer from 0 to 65535`(kind: String, accepted: Bool) async throws {
            let answer = try await connect().post(SpelledEvent(kind: kind))
            #expect(answer.accepted == accepted, "\(answer)")
            if !accepted { #expect(answer.word == "invalid") }
        }

        @Test func `X13 a moment beyond 53 bits is kept exactly`() async throws {
            let (client, time) = (try await connect(), Int64(1) << 53 + 1)
            let far = Author().event(at: time)
            // Clients may not write that far ahead; whoever runs the relay may restore what he has.
            let directory = try TemporaryDirectory()
            let file = try directory.write(jsonl: [far], to: "far.jsonl")
            let (exit, _, errors) = try await RookeryProcess.run(
                ["import", file, "--data-dir", try relay.dataDirectory])
            #expect(exit == .code(0), "\(errors)")
            let mine = #""authors":["\#(far.pubkey)"]"#
            #expect(try await client.find(#"{\#(mine),"since":\#(time),"until":\#(time)}"#) == [far.id.hex])
            #expect(try await client.find(#"{\#(mine),"until":\#(time - 1)}"#).isEmpty)
            #expect(try await client.find(#"{\#(mine),"since":\#(time + 1)}"#).isEmpty)
            try await client.send(#"["REQ","a",{\#(mine)}]"#)
            #expect(try await client.stored("a").first?.object(2)?["created_at"] as? Int64 == time)
        }

        @Test func `X13 every character is kept, and half a character is refused`() async throws {
            let client = try await connect()
            let whole = SpelledEvent(content: "line\u{2028}separator and \\u0000 and \u{FFFF}")
            #expect(try await client.post(whole).accepted)
            try await client.send(#"["REQ","a",{"ids":["\#(whole.id)"]}]"#)
            let served = try await client.stored("a").first?.object(2)?["content"] as? String
            #expect(served == "line\u{2028}separator and \u{0} and \u{FFFF}")
            let half = try await client.post(SpelledEvent(content: #"half \ud83e"#))
            #expect(!half.accepted && half.word == "invalid", "\(half)")
            let overlong = Array("[\"EVENT\",{\"content\":\"".utf8) + [0xC0, 0xAF] + Array("\"}]".utf8)
            try await client.socket.send(WebSocketFrame(opcode: 1, payload: overlong))
            #expect(try await client.socket.closeCode() == 1007)
        }

        @Test func `X14 tags that should name an event or a key may hold anything`() async throws {
            let (client, author) = (try await connect(), Author())
            let event = author.event(tags: .of("e", "not an id"), .of("p", ""), .of("p", "npub1…"))
            try await client.store(event)
            let mine = #""authors":["\#(author.hex)"]"#
            #expect(try await client.find(##"{\##(mine),"#e":["not an id"]}"##) == [event.id.hex])
            #expect(try await client.find(##"{\##(mine),"#e":["\##(event.id)"]}"##).isEmpty)
            #expect(try await client.find(##"{\##(mine),"#p":["\##(author.hex)"]}"##).isEmpty)
        }

        @Test func `X21 what has expired is refused, and what expires is served until then`() async throws {
            let (client, author) = (try await connect(), Author())
            let mine = #"{"authors":["\#(author.hex)"]}"#
            let past = try await client.post(author.event(tags: .of("expiration", "\(Int64.now - 1)")))
            #expect(!past.accepted && past.word == "invalid", "\(past)")
            let listener = try await connect()
            try await listener.subscribe("a", mine)
            // A value that is no number says nothing: the event is kept.
            let undated = author.event(at: .now - 10, tags: .of("expiration", "soon"))
            let passing = author.event(tags: .of("expiration", "\(Int64.now + 2)"))
            try await client.store(undated, passing)
            #expect(try await client.find(mine) == [passing.id.hex, undated.id.hex])
            try await listener.expectLive(undated, on: "a")
            try await listener.expectLive(passing, on: "a")
            try await eventually("the event to expire") { try await client.count([mine]) == 1 }
            #expect(Int64.now >= passing.createdAt.seconds + 1, "not before its time")
            #expect(try await client.find(mine) == [undated.id.hex])
            #expect(try await client.find([passing]).isEmpty)
            let again = try await client.post(passing)
            #expect(!again.accepted && again.word == "invalid", "\(again)")
        }
    }
}
