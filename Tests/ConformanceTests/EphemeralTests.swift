// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// Kinds 20000 … 29999 are handed on and forgotten (NIP-01).
    @Suite struct EphemeralTests {
        @Test func `59 an ephemeral event reaches a subscriber whole`() async throws {
            let (listener, author) = (try await connect(), Author())
            try await listener.subscribe("a", #"{"kinds":[25000],"authors":["\#(author.hex)"]}"#)
            let event = author.event(25_000, tags: ["test"], content: "gone in a moment")
            try await connect().store(event)
            let message = try await listener.next()
            #expect(message.verb == "EVENT" && message.text(1) == "a")
            let served = try #require(message.object(2))
            let posted = try #require(
                try JSONSerialization.jsonObject(with: Data(event.json)) as? [String: Any])
            #expect(NSDictionary(dictionary: served) == NSDictionary(dictionary: posted))
        }

        // Never written: whoever asks later did not listen.
        @Test func `60 an ephemeral event is not kept`() async throws {
            let (client, event) = (try await connect(), Author().event(25_001))
            try await client.store(event)
            #expect(try await client.find([event]).isEmpty)
            #expect(try await client.count([#"{"kinds":[25001]}"#]) == 0)
        }
    }
}
