// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NostrCore
import TestSupport
import Testing

@testable import rookery

/// What `rookery tail` tells.
@Suite struct FeedFollowerTests {
    @Test func `each event and each removal is a line, from where it was asked`() async throws {
        let temporary = try TemporaryDirectory()
        var settings = Settings()
        settings.dataDirectory = temporary.file("data")
        settings.store.durability = .relaxed
        settings.store.mapSizeGiB = 1
        let own = try OwnStore(settings)
        let note = Event.fixture(content: "note")
        let reaction = Event.fixture(kind: 7, content: "+")
        for event in [note, reaction] {
            _ = await own.ingest.submit([try Event.parse(event.json)], from: .importer)
        }
        #expect(await own.ingest.remove(RemovalOrder(ids: [note.id])) == 1)

        func lines(_ filters: [Filter], after: UInt64) throws -> [String] {
            var follower = FeedFollower(filters: filters, after: CommitSequence(rawValue: after))
            var lines: [String] = []
            while try follower.readPage(
                of: own.store,
                { line in
                    lines.append(String(decoding: line, as: UTF8.self))
                    return true
                })
            {}
            return lines
        }

        let removal =
            #"{"commit":3,"removed":{"id":"\#(note.id.hex)","pubkey":"\#(note.pubkey.hex)","kind":1,"reason":"operator"}}"#
        let stored = #"{"commit":2,"event":\#(reaction.text)}"#
        #expect(try lines([Filter()], after: 0) == [stored, removal])
        #expect(try lines([Filter()], after: 2) == [removal])
        #expect(try lines([Filter(kinds: [7])], after: 0) == [stored])
        #expect(try lines([Filter(kinds: [1])], after: 0) == [removal])
        #expect(try lines([Filter()], after: 3) == [])
        await own.close()
    }
}
