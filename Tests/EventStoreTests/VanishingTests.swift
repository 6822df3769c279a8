// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import StoreWorlds
import TestSupport
import Testing

@testable import EventStore

/// Requests to vanish (NIP-62): who is gone, for whom, when, and what comes of the bytes.
@Suite struct VanishingTests {
    private let key = TestAuthor.key(0)

    private func vanish(_ store: TemporaryStore, upTo time: Int64) throws {
        try store.write { writer throws(StoreError) in
            try writer.vanish(TestAuthor.key(0), upTo: Timestamp(time))
        }
    }

    /// Sweeps in steps of so many, and says how many steps there were.
    @discardableResult
    private func sweep(_ store: TemporaryStore, by limit: Int = 3) throws -> Int {
        var steps = 1
        while try store.write({ writer throws(StoreError) in try writer.sweepVanished(limit: limit) }).0 {
            steps += 1
            #expect(try store.store.check().faults == [], "after step \(steps)")
        }
        return steps
    }

    private func wrap(to author: Int, at time: Int64 = 1000, _ content: String = "") -> Event {
        .unsigned(1059, at: time, by: 9, [["p", TagValue(TestAuthor.key(author).hex)]], content)
    }

    @Test func `who vanished is gone at once for every reader, and from the disk in steps`() throws {
        let store = try TemporaryStore()
        let own = (0..<6).map { Event.unsigned($0 == 3 ? 5 : 1, at: 1000 + Int64($0)) }
        let profile = Event.unsigned(0, at: 900)
        let request = Event.unsigned(62, at: 1003)
        let other = Event.unsigned(1, at: 1000, by: 1)
        let (mine, theirs) = (wrap(to: 0), wrap(to: 1))
        try store.put(own + [profile, request, other, mine, theirs])
        let before = store.store.feed.latest
        try vanish(store, upTo: 1003)

        func expectGone() throws {
            let left = Set([own[4], own[5], request, other, theirs].map(\.id))
            #expect(Set(try store.all().map(\.id)) == left)
            let now = Timestamp(1_700_000_000)
            for filter in [Filter(), Filter(authors: [key]), Filter(kinds: [1]), Filter(kinds: [1059])] {
                let found = try store.store.events(matching: [filter], now: now)
                #expect(try store.store.count([filter], now: now) == found.count, "\(filter.canonicalJSON)")
                #expect(found.allSatisfy { left.contains($0.id) })
            }
            for event in own[..<4] + [profile, mine] {
                #expect(try !store.store.contains(event.id))
                #expect(try store.store.event(event.id) == nil)
                #expect(try store.store.known([event.id], now: now) == [.unknown])
            }
            #expect(try store.store.event(at: #require(profile.address)) == nil)
            // What memory and disk have of earlier commits, for those who catch up.
            guard case .commits(let commits) = try store.store.feed.commits(after: .zero, limit: 99) else {
                Issue.record("beyond the horizon")
                return
            }
            #expect(Set(commits.flatMap { $0.stored.map(\.id) }) == left)
            #expect(try store.store.check().faults == [])
        }
        try expectGone()
        try store.reopen()
        try expectGone()
        #expect(
            try store.put(own[0], own[3], profile, mine, other) == [
                .vanished, .vanished, .vanished, .vanished, .duplicate,
            ])
        #expect(try sweep(store) > 1)
        try expectGone()
        #expect(try store.store.statistics.events == 5, "from the disk, too")
        guard case .commits(let commits) = try store.store.feed.commits(after: before, limit: 99) else {
            return
        }
        let swept = commits.flatMap(\.removed).filter { $0.reason == .vanished }
        #expect(Set(swept.map(\.id)) == Set((own[..<4] + [profile, mine]).map(\.id)))
    }

    @Test func `what the same transaction stored is never told of`() throws {
        let store = try TemporaryStore()
        let (note, wrap) = (Event.unsigned(1, at: 1000), wrap(to: 0))
        let (_, commit) = try store.write { writer throws(StoreError) in
            _ = try writer.put(note)
            _ = try writer.put(wrap)
            _ = try writer.put(.unsigned(62, at: 1003))
            try writer.vanish(TestAuthor.key(0), upTo: Timestamp(1003))
            #expect(try !writer.contains(note.id))
            #expect(try writer.put(note) == .vanished)
            #expect(writer.takeRemovals().map(\.id) == [note.id, wrap.id])
        }
        #expect(commit?.stored.map(\.kind) == [62] && commit?.removed == [])
    }

    @Test func `a newer version takes the address of a hidden one, before the sweep and after`() throws {
        let store = try TemporaryStore()
        let (old, new) = (Event.unsigned(0, at: 1000), Event.unsigned(0, at: 1001))
        try store.put(old)
        try vanish(store, upTo: 1000)
        #expect(try store.put(new) == [.stored])
        #expect(try store.all().map(\.id) == [new.id])
        #expect(try store.store.check().faults == [])
        try sweep(store)
        #expect(try store.store.event(at: #require(new.address))?.id == new.id)
        #expect(try store.store.check().faults == [])
    }

    @Test func `a later request reaches further, an earlier one takes nothing back`() throws {
        let store = try TemporaryStore()
        try store.put((0..<8).map { .unsigned(1, at: 1000 + Int64($0), [], "\($0)") })
        try vanish(store, upTo: 1002)
        _ = try store.write { writer throws(StoreError) in try writer.sweepVanished(limit: 2) }
        try vanish(store, upTo: 1005)
        try vanish(store, upTo: 1001)
        #expect(try store.all().map(\.createdAt.seconds) == [1007, 1006])
        try sweep(store)
        #expect(try store.all().map(\.createdAt.seconds) == [1007, 1006])
        #expect(try store.put(.unsigned(1, at: 1005, [], "x")) == [.vanished])
    }

    @Test func `what the deletions of a vanished key took away stays away`() throws {
        let store = try TemporaryStore()
        let wrap = wrap(to: 0, at: 2000)
        // The recipient deletes a gift wrap, and asks to vanish up to a moment before the wrap's own.
        try store.put(wrap, .unsigned(5, at: 1000, [wrap.idTag]))
        try vanish(store, upTo: 1500)
        try sweep(store)
        #expect(try store.all().isEmpty)
        #expect(try store.put(wrap) == [.deleted])
        #expect(try store.store.check().faults == [])
    }

    @Test func `a request to vanish cannot be deleted, nor does it vanish`() throws {
        let store = try TemporaryStore()
        let request = Event.unsigned(62, at: 1003)
        try store.put(request, .unsigned(5, at: 2000, [request.idTag]))
        try vanish(store, upTo: 3000)
        try sweep(store)
        #expect(try store.all().map(\.id) == [request.id])
    }

    @Test func `a sweep costs what it removes, whatever else the key has`() throws {
        let store = try TemporaryStore()
        let newer = (0..<400).map { Event.unsigned(Kind(1000 + UInt16($0 % 7)), at: 5000, [], "\($0)") }
        let requests = (0..<400).map { Event.unsigned(62, at: 10, [], "\($0)") }
        try store.putTogether(newer + requests + (0..<40).map { .unsigned(1, at: 100 + $0) })
        try vanish(store, upTo: 4000)
        #expect(try sweep(store, by: 10) <= 5)
        #expect(try store.all().count == 800)
    }

    @Test func `steps that ended in a kill are taken up again`() throws {
        let store = try TemporaryStore()
        try store.putTogether((0..<50).map { .unsigned(1, at: 100 + $0) })
        try vanish(store, upTo: 4000)
        _ = try store.write { writer throws(StoreError) in try writer.sweepVanished(limit: 20) }
        try store.reopen()
        #expect(try store.store.statistics.events == 30 && store.all().isEmpty)
        try sweep(store, by: 20)
        #expect(try store.store.statistics.events == 0)
    }
}
