// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@Suite struct EventJSONTests {
    static let key = SecretKey(hex: "0000000000000000000000000000000000000000000000000000000000000003")!

    static func signed(
        kind: Kind = 1, at seconds: Int64 = 1_700_000_000, tags: [Tag] = [], content: String = ""
    ) -> Event {
        UnsignedEvent(
            pubkey: key.publicKey, createdAt: Timestamp(seconds), kind: kind, tags: tags, content: content
        ).signed(by: key)
    }

    @Test func `an event comes back from its JSON as it was`() throws {
        let event = Self.signed(
            kind: 30_617, tags: [["d", "a/b"], [], ["x"], ["e", "\"\\\n\u{7}é"]], content: "hi \u{1}\t🪶")
        let parsed = try Event.parse(event.json)
        #expect(parsed.event == event)
        #expect(parsed.event.layout == event.layout)
        #expect(parsed.asWritten == nil)
        #expect(parsed.withTrueID() == event)
        #expect(event.hasTrueSignature(using: Verifier()))
        #expect(Event(canonical: event.json)?.layout == event.layout)
        #expect(event.content == "hi \u{1}\t🪶")
        #expect(event.tags == [["d", "a/b"], [], ["x"], ["e", "\"\\\n\u{7}é"]])
        #expect(event.identifier == "a/b")
    }
}
