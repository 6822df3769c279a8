// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// Filters, tags and subscription ids to the letter.
    @Suite struct ExactnessRequestTests {
        private let author = Author()

        @Test func `X4 a filter that is not understood is refused with its id, and the connection goes on`()
            async throws
        {
            let client = try await connect()
            let upper = String(repeating: "AB", count: 32)
            let short = String(repeating: "a", count: 63)
            for filter in [
                #"{"ids":["\#(upper)"]}"#, #"{"authors":["\#(short)"]}"#, #"{"kinds":["1"]}"#,
                #"{"since":-1}"#, #"{"kinds":1}"#, #"{"limit":-1}"#, "[]",
            ] {
                #expect(try await client.refusal(of: filter).hasPrefix("invalid: "), "\(filter)")
            }
            #expect(try await client.refusal(of: #"{"foo":1}"#).hasPrefix("unsupported: "))
            #expect(try await client.refusal(of: #"{"kinds":[1]}"#, #"{"foo":1}"#).hasPrefix("unsupported: "))
            #expect(try await client.find(#"{"since":2,"until":1}"#).isEmpty)
        }

        @Test func `X5 only the first value of a tag of one letter is found, in its own case and whole`()
            async throws
        {
            let client = try await connect()
            func find(_ letter: String, _ value: String) async throws -> [String] {
                try await client.find(##"{"authors":["\##(author.hex)"],"#\##(letter)":["\##(value)"]}"##)
            }
            let upper = author.event(tags: .of("T", "x"))
            let lower = author.event(tags: .of("t", "x", "second"))
            let longer = author.event(tags: .of("ab", "x"), .of("a"))
            try await client.store(upper, lower, longer)
            #expect(try await find("T", "x") == [upper.id.hex])
            #expect(try await find("t", "x") == [lower.id.hex])
            #expect(try await find("t", "second").isEmpty)
            #expect(try await find("a", "x").isEmpty)
            #expect(try await client.refusal(of: ##"{"#ab":["x"]}"##).hasPrefix("unsupported: "))
            for length in [255, 256, 1024] {
                let value = String(repeating: length == 256 ? "v" : "w", count: length)
                let long = author.event(tags: .of("t", value))
                try await client.store(long)
                #expect(try await find("t", value) == [long.id.hex], "\(length) bytes")
                #expect(try await find("t", String(value.dropLast())).isEmpty)
            }
        }

        @Test func `X6 a subscription id has 1 to 64 characters, whatever they are, and is echoed exactly`()
            async throws
        {
            let client = try await connect()
            let longest = String(repeating: "🪺", count: 64)
            for (written, id) in [(longest, longest), (#"a\"b\\c\/"#, #"a"b\c/"#)] {
                let answer = try await client.ask(#"["REQ","\#(written)",{"kinds":[]}]"#)
                #expect(answer.verb == "EOSE" && answer.text(1) == id, "\(answer.parts)")
            }
            for wrong in [longest + "🪺", ""] {
                let answer = try await client.ask(#"["REQ","\#(wrong)",{"kinds":[]}]"#)
                #expect(["CLOSED", "NOTICE"].contains(answer.verb), "\(answer.parts)")
            }
        }

        @Test func `X7 a request with an open id replaces it, and gets its own EOSE`() async throws {
            let client = try await connect()
            let (old, new) = (author.event(at: .now - 1), Author())
            try await client.store(old)
            let before = #"{"authors":["\#(author.hex)"]}"#
            #expect(try await client.subscribe("a", before) == [old.id.hex])
            #expect(try await client.subscribe("a", before) == [old.id.hex], "the same again")
            #expect(try await client.subscribe("a", #"{"authors":["\#(new.hex)"]}"#).isEmpty)
            let live = new.event()
            try await connect().store(author.event(content: "no longer asked for"), live)
            try await client.expectLive(live, on: "a")
            try await client.expectSilence()
        }

        @Test func `X8 CLOSE ends a subscription, is silent for an unknown id, and frees the id`()
            async throws
        {
            let client = try await connect()
            let filter = #"{"authors":["\#(author.hex)"]}"#
            try await client.send(#"["CLOSE","never opened"]"#)
            try await client.expectSilence()
            try await client.subscribe("a", filter)
            try await client.send(#"["CLOSE","a"]"#)
            try await client.expectSilence()
            let note = author.event()
            try await connect().store(note)
            try await client.expectSilence()
            #expect(try await client.subscribe("a", filter) == [note.id.hex])
        }
    }
}
