// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// EOSE ends the stored events and nothing else (NIP-01).
    @Suite struct EndOfStoredTests {
        @Test func `20 stored events end with EOSE`() async throws {
            let client = try await connect()
            let answer = try await client.ask(
                #"["REQ","a",{"authors":["\#(Author().hex)"],"kinds":[1],"limit":10}]"#)
            #expect(answer.verb == "EOSE" && answer.text(1) == "a")
            #expect(answer.parts.count >= 2)
        }

        @Test func `NIP-67 EOSE says when nothing older is left, and only then`() async throws {
            let client = try await connect()
            let author = Author()
            for time in 1...3 { try await client.store(author.event(at: 1_700_000_000 + Int64(time))) }
            for (limit, hint) in [(2, nil), (3, ["finish"]), (4, ["finish"]), (0, nil)] as [(Int, [String]?)]
            {
                let filter = #"{"authors":["\#(author.hex)"],"kinds":[1],"limit":\#(limit)}"#
                var answer = try await client.ask("[\"REQ\",\"a\",\(filter)]")
                while answer.verb == "EVENT" { answer = try await client.next() }
                #expect(
                    answer.verb == "EOSE" && answer.parts.count == (hint == nil ? 2 : 3), "limit \(limit)")
                #expect(answer.parts.dropFirst(2).first as? [String] == hint, "limit \(limit)")
            }
        }

        // A subscription ends when its client says so, also one that can hardly match again: closing it would save
        // nothing, as it costs nothing while nothing comes.
        @Test func `21 a request by ids that was answered stays open`() async throws {
            let client = try await connect()
            let id = String(repeating: "deadbeef", count: 8)
            #expect(try await client.ask(#"["REQ","a",{"ids":["\#(id)"],"kinds":[1]}]"#).verb == "EOSE")
            try await client.expectSilence()
        }

        @Test func `22 a request whose until has passed stays open, and hears what comes late`() async throws
        {
            let client = try await connect()
            let author = Author()
            let filter = #"{"authors":["\#(author.hex)"],"kinds":[1],"limit":10,"until":1700000000}"#
            #expect(try await client.subscribe("a", filter).isEmpty)
            try await client.expectSilence()
            let late = author.event(at: 1_600_000_000)
            try await connect().store(late)
            try await client.expectLive(late, on: "a")
        }
    }
}
