// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import EventStore

/// What hangs together with events of one kind.
@Suite struct LinkedEventsTests {
    private static let root = Event.fixture(kind: 30617, tags: [.of("d", "repo")], by: 1)
    private static var address: String { "30617:\(TestKey.publicKey(1).hex):repo" }

    /// Everything linked, as ids.
    private func linked(_ temporary: TemporaryStore, _ links: LinkedEvents) throws -> Set<EventID> {
        var walk = AgeWalk()
        var ids: Set<EventID> = []
        var more = true
        while more {
            more = try walk.readPage(of: temporary.store, events: 10) { visit, _ in
                if links.contains(visit.number) { ids.insert(visit.header.id) }
                return true
            }
        }
        return ids
    }

    @Test(arguments: [1, 1_000])
    func `what names and what is named belongs to it, through any number of steps and in any order`(page: Int)
        throws
    {
        let temporary = try TemporaryStore()
        let quoted = Event.fixture(content: "quoted", by: 2)
        let issue = Event.fixture(kind: 1621, tags: [.of("a", Self.address)], content: "issue", by: 3)
        let reply = Event.fixture(kind: 1111, tags: [.of("E", issue.id.hex)], content: "reply", by: 4)
        let deeper = Event.fixture(
            tags: [.of("e", reply.id.hex), .of("q", quoted.id.hex)], content: "deeper", by: 5)
        let stranger = Event.fixture(content: "stranger", by: 6)
        let list = Event.fixture(
            kind: 10002, tags: [.of("e", stranger.id.hex), .of("e", issue.id.hex)], by: 7)
        let state = Event.fixture(kind: 30618, tags: [.of("d", "other")], by: 8)
        let remark = Event.fixture(
            kind: 1111, tags: [.of("a", "30618:\(TestKey.publicKey(8).hex):other")], by: 9)
        // Replies before what they answer.
        try temporary.put([deeper, reply, stranger, quoted, issue, list, remark, state, Self.root])
        var links = LinkedEvents(roots: [30617, 30618], ends: [10002])
        while try links.readPage(of: temporary.store, events: page) {}
        #expect(
            try linked(temporary, links)
                == Set([Self.root, issue, reply, deeper, quoted, list, state, remark].map(\.id)),
            "not through the list")
    }

    @Test func `what comes later is taken in by later steps`() throws {
        let temporary = try TemporaryStore()
        let old = Event.fixture(kind: 1621, tags: [.of("a", Self.address)], by: 3)
        let reply = Event.fixture(tags: [.of("e", old.id.hex)], content: "reply", by: 4)
        try temporary.put(old, reply)
        var links = LinkedEvents(roots: [30617, 30618], ends: [])
        while try links.readPage(of: temporary.store, events: 100) {}
        #expect(links.count == 0)
        let late = Event.fixture(tags: [.of("e", reply.id.hex)], content: "late", by: 5)
        try temporary.put(late, Self.root)
        while try links.readPage(of: temporary.store, events: 1) {}
        #expect(try linked(temporary, links) == Set([Self.root, old, reply, late].map(\.id)))
        #expect(links.ceiling == 5)
    }

    @Test func `a buried event does not come back, and its author's others do`() throws {
        let temporary = try TemporaryStore()
        let (gone, other) = (Event.fixture(content: "gone"), Event.fixture(content: "other"))
        try temporary.put(gone, other)
        let (removed, commit) = try temporary.write { writer throws(StoreError) in
            [
                try writer.bury(gone.id), try writer.bury(gone.id),
                try writer.remove(other.id, reason: .operator),
            ]
        }
        #expect(removed == [true, false, true])
        #expect(commit?.removed.map(\.reason) == [.operator, .operator])
        #expect(try temporary.put(gone, other) == [.deleted, .stored])
    }

    @Test func `what is linked to news is known inside the transaction`() throws {
        let temporary = try TemporaryStore()
        let (old, lonely) = (Event.fixture(content: "old"), Event.fixture(content: "lonely"))
        try temporary.put(old, lonely)
        let news = Event.fixture(tags: [.of("e", old.id.hex)], content: "news")
        let (found, _) = try temporary.write { writer throws(StoreError) in
            _ = try writer.put(news)
            return [
                try writer.isLinkedToNews(old.id, from: 3), try writer.isLinkedToNews(lonely.id, from: 3),
                try writer.isLinkedToNews(old.id, from: 4),
            ]
        }
        #expect(found == [true, false, false])
    }
}
