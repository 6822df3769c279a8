// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// All of some tags, where the operator offers that (NIP-91).
    @Suite struct AllTagsTests {
        @Test func `with and_tags a filter finds who has every tag, stored, counted and live`() async throws {
            let directory = try TemporaryDirectory("and-tags")
            let relay = try await RookeryProcess.serve(
                dataDirectory: directory.file("data"), config: "[relay]\nand_tags = true")
            let author = Author()
            func note(_ topics: String...) -> Event {
                author.event(tags: topics.map { .of("t", $0) }, content: topics.joined(separator: " "))
            }
            let (both, all, one) = (note("meme", "cat"), note("cat", "meme", "black"), note("meme"))
            let client = try await NostrClient.connect(to: relay.port)
            try await client.store(both, all, one)
            for spelling in ["&t", "#t&"] {
                let filter = #"{"\#(spelling)":["meme","cat"]}"#
                #expect(Set(try await client.find(filter)) == [both.id.hex, all.id.hex])
                #expect(try await client.count([filter]) == 2)
            }
            #expect(try await client.find(##"{"&t":["meme","cat"],"#t":["black","white"]}"##) == [all.id.hex])
            #expect(try await client.find(##"{"&t":["meme"],"#t":["meme"],"limit":9}"##).count == 3)
            #expect(try await client.find(#"{"&t":["meme","dog"]}"#).isEmpty)
            #expect(try await client.find(#"{"&t":[]}"#).isEmpty)
            try await client.subscribe("live", #"{"&t":["meme","cat"],"limit":0}"#)
            let writer = try await NostrClient.connect(to: relay.port)
            let next = note("cat", "grey", "meme")
            try await writer.store(note("cat"), next)
            try await client.expectLive(next, on: "live")
            try await client.expectSilence()
            let document = try await relay.get("/", headers: ["Accept": "application/nostr+json"])
            let told = try JSONSerialization.jsonObject(with: Data(document.body)) as? [String: Any]
            #expect((told?["supported_nips"] as? [Int])?.contains(91) == true)
            try await relay.stop()
            // Elsewhere such a filter is refused, not misunderstood.
            #expect(
                try await Conformance.connect().refusal(of: #"{"&t":["a"]}"#).hasPrefix("unsupported: "))
        }
    }
}
