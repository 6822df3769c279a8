// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import TestSupport

/// Something that a relay does for every message, or for every client.
struct HotPath {
    let name: String
    /// How many times it is counted.
    let times: Int
    /// Makes what it is tried on, the same in every run, and returns what is counted.
    let prepare: () throws -> () -> Void

    static var all: [HotPath] {
        [
            HotPath(name: "parse-event", times: 100, prepare: parsing),
            HotPath(name: "hash-id", times: 100, prepare: hashing),
            HotPath(name: "match-4-filters", times: 100, prepare: matching),
            HotPath(name: "index-keys", times: 100, prepare: keying),
            HotPath(name: "ask-for-20", times: 20, prepare: asking),
            HotPath(name: "deliver-to-100", times: 20, prepare: delivering),
            HotPath(name: "reconcile-10000", times: 2, prepare: reconciling),
        ]
    }

    /// **Bytes** of address space of a store: valgrind has none for the default.
    static let mapSize = 1 << 28

    static func expect(_ holds: Bool, _ text: @autoclosure () -> String) {
        precondition(holds, text())
    }
}

// MARK: - One event

extension HotPath {
    /// A reply of 400 bytes of prose with the tags that clients give it.
    static var note: Event {
        .fixture(
            tags: [
                .of("e", String(repeating: "5f", count: 32), "wss://relay.example.com", "root"),
                .of("p", TestKey.publicKey(1).hex), .of("p", TestKey.publicKey(2).hex), .of("t", "nostr"),
            ], content: String(repeating: "so it is said \"twice\"\n", count: 17))
    }

    private static func parsing() -> () -> Void {
        let message = Array("[\"EVENT\",".utf8) + note.json + Array("]".utf8)
        return {
            if case .event? = try? ClientMessage.parse(message) { return }
            preconditionFailure("no event was parsed")
        }
    }

    private static func hashing() -> () -> Void {
        let event = note
        return { expect(event.hasTrueID(), "an id is not true") }
    }

    /// One filter after the other: by author and kind, by tag, by time, and one of another author.
    private static func matching() -> () -> Void {
        let event = note
        let filters = [
            Filter(authors: [event.pubkey], kinds: [.textNote, 7]), Filter(tags: ["t": ["git", "nostr"]]),
            Filter(since: event.createdAt, until: event.createdAt),
            Filter(authors: [TestKey.publicKey(9)], kinds: [.textNote]),
        ]
        return { expect(filters.count { $0.matches(event) } == 3, "a filter is wrong") }
    }

    private static func keying() throws -> () -> Void {
        let directory = try TemporaryDirectory("rookery-counts")
        let options = StoreOptions(path: directory.path, mapSize: mapSize)
        let (store, event) = (try EventStore.open(options).store, note)
        return {
            expect(store.indexEntries(of: event) == 13, "an event has not thirteen index entries")
            withExtendedLifetime(directory) {}
        }
    }
}
