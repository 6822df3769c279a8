// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

extension Conformance {
    @Suite struct MiscTests {
        @Test func `46 tags without elements are accepted, and served as they were`() async throws {
            let client = try await connect()
            let event = SpelledEvent(tags: "[[],[]]")
            #expect(try await client.post(event).accepted)
            try await client.send(#"["REQ","a",{"ids":["\#(event.id)"]}]"#)
            let served = try #require(try await client.stored("a").first?.object(2))
            #expect(served["tags"] as? [[String]] == [[], []])
        }
    }
}
