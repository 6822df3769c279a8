// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// Every event is answered, and only true ones are taken (NIP-01).
    @Suite struct BasicsTests {
        @Test func `27 an event is answered by OK`() async throws {
            let client = try await connect()
            let event = Author().event(1, tags: ["test"])
            let answer = try await client.post(event)
            #expect(answer.accepted && answer.message.isEmpty)
        }

        @Test func `28 a signature that is not the author's is refused`() async throws {
            let client = try await connect()
            let event = SpelledEvent()
            let forged = event.json(withID: event.hash, signature: String(repeating: "0", count: 128))
            let answer = try await client.post(json: forged, id: event.id)
            #expect(!answer.accepted && answer.word == "invalid")
            #expect(try await client.find(#"{"ids":["\#(event.id)"]}"#).isEmpty)
        }

        @Test func `29 an id that is not the hash is refused, and told`() async throws {
            let client = try await connect()
            let id = String(repeating: "cafebabe", count: 8)
            let hash = try #require(EventID(hex: id)).bytes
            let answer = try await client.post(json: SpelledEvent().json(withID: hash), id: id)
            #expect(!answer.accepted && answer.word == "invalid")
            #expect(try await client.find(#"{"ids":["\#(id)"]}"#).isEmpty)
        }
    }
}
