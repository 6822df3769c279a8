// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import StoreWorlds
import Testing

@testable import EventStore

@Suite struct TombstoneTests {
    @Test func `tombstones stay when the deletion is gone`() throws {
        let store = try TemporaryStore()
        let note = Event.unsigned(1)
        let article = Event.unsigned(30023, at: 1000, [["d", "x"]])
        let deletion = Event.unsigned(5, at: 2000, [note.idTag, article.addressTag("x")])
        try store.put(deletion)
        try store.write { writer throws(StoreError) in
            #expect(try writer.remove(deletion.id, reason: .operator))
        }
        try store.reopen()
        #expect(try store.put(note, article) == [.deleted, .deleted])
        #expect(try store.put(.unsigned(30023, at: 2001, [["d", "x"]])) == [.stored])
    }

    @Test func `an address's tombstone keeps the latest date, in either order of arrival`() throws {
        let store = try TemporaryStore()
        let article = { (at: Int64) in Event.unsigned(30023, at: at, [["d", "x"]]) }
        try store.put(
            .unsigned(5, at: 3000, [article(0).addressTag("x")]),
            .unsigned(5, at: 2000, [article(0).addressTag("x")]))
        #expect(try store.put(article(2500), article(3000), article(3001)) == [.deleted, .deleted, .stored])
    }

    @Test func `five hundred targets at once`() throws {
        let store = try TemporaryStore()
        let notes = (0..<500).map { Event.unsigned(1, at: 1000 + Int64($0)) }
        try store.putTogether(notes)
        let (_, commit) = try store.write { writer throws(StoreError) in
            try writer.put(.unsigned(5, at: 5000, notes.map(\.idTag)))
        }
        #expect(commit?.removed.count == 500)
        #expect(try store.all().count == 1)
        #expect(try store.store.check().faults == [])
    }

    @Test func `a request to vanish cannot be deleted`() throws {
        let store = try TemporaryStore()
        let request = Event.unsigned(62, at: 1003)
        try store.put(request, .unsigned(5, at: 2000, [request.idTag]))
        #expect(try store.store.contains(request.id))
    }
}
