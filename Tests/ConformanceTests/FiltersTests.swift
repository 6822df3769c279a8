// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// The bounds of a filter (NIP-01).
    @Suite struct FiltersTests {
        @Test func `57 since and until are inclusive`() async throws {
            let client = try await connect()
            let author = Author()
            let event = author.event(5_000)
            try await client.store(event)
            for bound in ["since", "until"] {
                let found = try await client.find(
                    #"{"authors":["\#(author.hex)"],"kinds":[5000],"\#(bound)":\#(event.createdAt)}"#)
                #expect(found == [event.id.hex], "\(bound)")
            }
        }

        @Test func `58 limit 0 finds nothing stored, ends with EOSE, and goes on live`() async throws {
            let client = try await connect()
            let author = Author()
            try await client.store(author.event())
            #expect(try await client.subscribe("a", #"{"authors":["\#(author.hex)"],"limit":0}"#).isEmpty)
            try await client.expectSilence()
            let live = author.event(content: "live")
            try await connect().store(live)
            try await client.expectLive(live, on: "a")
        }
    }
}
