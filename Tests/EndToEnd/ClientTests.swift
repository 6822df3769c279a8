// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

/// Clients written by others are served: nostr-sdk's and monstr.
@Suite(.timeLimit(.minutes(2))) struct ClientTests {
    @Test func `nostr-sdk publishes, reads back and follows live`() async throws {
        let directory = try TemporaryDirectory()
        let rookery = try await RookeryProcess.serve(dataDirectory: directory.file("data"))
        let notes = (0..<40).map {
            Event.fixture(
                at: 1_740_000_000 + Int64($0), tags: [.of("t", "nest\($0 % 3)")], content: "note \($0)",
                by: $0 % 4)
        }
        #expect(try await Peer.publish(notes, to: rookery.url).isEmpty)

        func read(_ filter: String) async throws -> Set<EventID> {
            try await Peer.read(rookery.url, [filter])
        }
        #expect(try await read("{}") == Set(notes.map(\.id)))
        #expect(try await read(#"{"ids":["\#(notes[7].id)"]}"#) == [notes[7].id])
        #expect(
            try await read(#"{"authors":["\#(TestKey.publicKey(1))"],"kinds":[1]}"#)
                == Set(notes.filter { $0.pubkey == TestKey.publicKey(1) }.map(\.id)))
        #expect(
            try await read(##"{"#t":["nest1"],"since":1740000010}"##)
                == Set(notes.enumerated().filter { $0.offset % 3 == 1 && $0.offset >= 10 }.map(\.element.id)))

        let watcher = try await Peer.watch(rookery.url, ##"{"#t":["live"],"limit":0}"##)
        let live = (0..<20).map {
            Event.fixture(at: 1_741_000_000 + Int64($0), tags: [.of("t", "live")], by: 5)
        }
        let silent = Event.fixture(at: 1_741_000_000, tags: [.of("t", "dead")], by: 5)
        #expect(try await Peer.publish([silent] + live, to: rookery.url).isEmpty)
        try await eventually("the live notes") { watcher.output.lines.count >= 1 + live.count }
        #expect(watcher.output.lines.dropFirst() == live.map(\.id.hex)[...])

        let client = try await NostrClient.connect(to: rookery.port)
        #expect(try await client.count() == 61)
        #expect(try await client.count([##"{"#t":["nest0"]}"##, #"{"ids":["\#(notes[0].id)"]}"#]) == 14)
        #expect(try await rookery.stop() == .code(0))
    }

    @Test func `nostr-sdk shows its key when asked, and has what is for it alone`() async throws {
        let directory = try TemporaryDirectory()
        let rookery = try await RookeryProcess.serve(dataDirectory: directory.file("data"))
        let secret = Event.fixture(
            kind: 4, tags: [.of("p", TestKey.publicKey(1).hex)], content: "for 1", by: 0)
        let protected = Event.fixture(tags: [["-"]], content: "only from 1", by: 1)
        #expect(try await Peer.publish([secret], to: rookery.url).isEmpty)
        #expect(try await Peer.publish([protected], to: rookery.url).keys.first == protected.id)
        #expect(
            try await Peer.publish([protected], to: rookery.url, as: TestKey.secret(2)).keys.first
                == protected.id)
        #expect(try await Peer.publish([protected], to: rookery.url, as: TestKey.secret(1)).isEmpty)
        for filter in [#"{"kinds":[4]}"#, "{}"] {
            func read(as key: SecretKey?) async throws -> Bool {
                try await Peer.read(rookery.url, [filter], as: key).contains(secret.id)
            }
            #expect(try await read(as: nil) == false)
            #expect(try await read(as: TestKey.secret(2)) == false)
            // Nobody is asked who they are before it matters.
            #expect(try await read(as: TestKey.secret(1)) == (filter != "{}"))
        }
    }

    @Test func `monstr publishes, follows live, reads back, counts, and shows its key when asked`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let rookery = try await RookeryProcess.serve(dataDirectory: directory.file("data"))
        let lines = try await Peer.run("second.py", [rookery.url])
        #expect(
            lines == [
                "publish", "live", "query", "valid", "count", "count of several", "asked who it is", "auth",
                "after auth",
            ])
    }

    @Test func `refusals reach nostr-sdk with their reason`() async throws {
        let directory = try TemporaryDirectory()
        let config = """
            [relay]
            admission = "grasp"
            domain = "\(RepositoryWorld.domain)"
            """
        let rookery = try await RookeryProcess.serve(dataDirectory: directory.file("data"), config: config)
        let note = Event.fixture(content: "refers to nothing", by: 1)
        let ours = Repository(
            number: 0, announced: .init(services: [RepositoryWorld.domain]), start: 1_740_000_000)
        let refused = try await Peer.publish([note] + ours.events, to: rookery.url)
        #expect(Array(refused.keys) == [note.id])
        #expect(refused[note.id]?.contains("blocked: refers to nothing accepted here") == true)
        #expect(try await Peer.read(rookery.url) == Set(ours.events.map(\.id)))
    }
}
