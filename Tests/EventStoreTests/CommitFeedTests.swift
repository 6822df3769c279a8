// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import StoreWorlds
import Testing

@testable import EventStore

@Suite struct CommitFeedTests {
    private func notes(_ range: Range<Int>) -> [Event] {
        range.map { Event.unsigned(1, at: 1000 + Int64($0), [], "\($0)") }
    }

    private func ids(_ page: FeedPage) -> [[EventID]] {
        guard case .commits(let commits) = page else { return [] }
        return commits.map { $0.stored.map(\.id) }
    }

    @Test func `every commit is numbered and delivered in order, ephemeral events between them`() throws {
        let store = try TemporaryStore()
        let seen = NIOLockedValueBox<[String]>([])
        let subscription = store.store.feed.subscribe { item in
            switch item {
            case .commit(let commit):
                seen.withLockedValue { $0.append("\(commit.sequence):\(commit.stored.count)") }
            case .ephemeral(let event, let after):
                seen.withLockedValue { $0.append("\(event.kind) after \(after)") }
            }
        }
        store.store.feed.publishEphemeral(.unsigned(20001))
        try store.put(notes(0..<2))
        store.store.feed.publishEphemeral(.unsigned(20002))
        try store.putTogether(notes(2..<5))
        #expect(seen.withLockedValue { $0 } == ["20001 after 0", "1:1", "2:1", "20002 after 2", "3:3"])
        subscription.cancel()
        try store.put(notes(5..<6))
        #expect(seen.withLockedValue { $0.count } == 5)
        #expect(store.store.latest == CommitSequence(rawValue: 4))
    }

    @Test func `a follower sees in the store what it is told of`() throws {
        let store = try TemporaryStore()
        let shared = store.store
        let found = NIOLockedValueBox<[Bool]>([])
        let subscription = shared.feed.subscribe { item in
            guard case .commit(let commit) = item, let id = commit.stored.first?.id else { return }
            found.withLockedValue { $0.append((try? shared.contains(id)) ?? false) }
        }
        try store.put(notes(0..<3))
        #expect(found.withLockedValue { $0 } == [true, true, true])
        subscription.cancel()
    }

    @Test func `memory and disk tell the same past`() throws {
        let events = notes(0..<10)
        for ringCommits in [0, 3, 100] {
            let store = try TemporaryStore { $0.limits.ringCommits = ringCommits }
            try store.put(events)
            for after in 0...10 {
                let page = try store.store.feed.commits(
                    after: CommitSequence(rawValue: UInt64(after)), limit: 4)
                #expect(ids(page) == events.dropFirst(after).prefix(4).map { [$0.id] })
            }
        }
    }

    @Test func `the past survives closing, without what was removed since`() throws {
        let store = try TemporaryStore()
        let events = notes(0..<3)
        try store.putTogether(events)
        try store.put(.unsigned(5, at: 2000, [events[1].idTag]))
        try store.reopen()
        guard case .commits(let commits) = try store.store.feed.commits(after: .zero, limit: 10) else {
            Issue.record("beyond the horizon")
            return
        }
        #expect(commits.map { $0.stored.count } == [2, 1])
        #expect(commits[1].removed.map(\.id) == [events[1].id])
        #expect(commits[1].removed.map(\.reason) == [.deleted])
        #expect(store.store.latest == CommitSequence(rawValue: 2))
    }

    @Test func `the log is trimmed, and says so to a follower that is too far behind`() throws {
        let store = try TemporaryStore {
            $0.limits.logCommits = 4
            $0.limits.ringCommits = 2
        }
        try store.put(notes(0..<10))
        let log = CommitLog(
            environment: store.store.environment, schema: store.store.schema, limits: store.store.limits)
        guard case .beyondHorizon(let latest) = try log.commits(after: CommitSequence(rawValue: 5), limit: 9)
        else {
            Issue.record("the log was not trimmed")
            return
        }
        #expect(latest == CommitSequence(rawValue: 10))
        #expect(ids(try log.commits(after: CommitSequence(rawValue: 6), limit: 9)).count == 4)
        guard
            case .beyondHorizon = try store.store.feed.commits(after: CommitSequence(rawValue: 11), limit: 1)
        else {
            Issue.record("a position from another store was believed")
            return
        }
        #expect(try store.store.check().faults == [])
    }

    @Test
    func `a position in a commit that is in the file and not yet published is no position of another store`()
        throws
    {
        let store = try TemporaryStore()
        try store.put(notes(0..<3))
        let log = CommitLog(
            environment: store.store.environment, schema: store.store.schema, limits: store.store.limits)
        let feed = CommitFeedLog(log, latest: CommitSequence(rawValue: 2))
        guard case .commits(let commits) = try feed.commits(after: CommitSequence(rawValue: 3), limit: 9)
        else {
            Issue.record("a reader that saw the newest commit was sent away")
            return
        }
        #expect(commits.isEmpty)
    }

    @Test func `a commit can be read in pieces, from memory and from disk alike, whatever was removed since`()
        throws
    {
        for ringBytes in [0, 1 << 20] {
            let store = try TemporaryStore { $0.limits.ringBytes = ringBytes }
            let events = notes(0..<9)
            try store.putTogether(Array(events[..<7]))
            try store.put(Array(events[7...]))
            if ringBytes == 0 { try store.put(.unsigned(5, at: 2000, [events[2].idTag])) }
            var read: [EventID] = []
            var (after, number) = (CommitSequence.zero, UInt64(0))
            for _ in 0..<20 {
                let page = try store.store.feed.piece(
                    after: after, above: number, limit: 9, bytes: 2 * events[0].json.count)
                guard case .commits(let commits) = page, let last = commits.last else { break }
                #expect(commits.flatMap(\.stored).count <= 2)
                read += commits.flatMap(\.stored).map(\.id)
                if last.isWhole {
                    (after, number) = (last.sequence, 0)
                } else {
                    after = CommitSequence(rawValue: last.sequence.rawValue - 1)
                    number = last.numbers.last ?? 0
                }
            }
            let expected = events.filter { ringBytes > 0 || $0.id != events[2].id }
            #expect(Array(read.prefix(expected.count)) == expected.map(\.id))
            #expect(read.count == expected.count + (ringBytes == 0 ? 1 : 0))
        }
    }

    @Test func `the log is bounded in bytes`() throws {
        let store = try TemporaryStore { $0.limits.logBytes = 200 }
        try store.put(notes(0..<50))
        #expect(try store.store.statistics.rows["log"] == 10)
        #expect(try store.store.check().faults == [])
    }

    @Test func `a commit says what it removed and why`() throws {
        let store = try TemporaryStore()
        let old = Event.unsigned(30023, at: 1000, [["d", "x"]])
        let new = Event.unsigned(30023, at: 1001, [["d", "x"]])
        try store.put(old)
        let (_, commit) = try store.write { writer throws(StoreError) in try writer.put(new) }
        #expect(commit?.stored.map(\.id) == [new.id])
        #expect(
            commit?.removed == [
                Removal(id: old.id, kind: 30023, pubkey: old.pubkey, address: old.address, reason: .replaced)
            ])
    }

    @Test func `what came and went in one transaction is never told`() throws {
        let store = try TemporaryStore()
        let old = Event.unsigned(0, at: 1000)
        let new = Event.unsigned(0, at: 1001)
        let (_, commit) = try store.write { writer throws(StoreError) in
            _ = try writer.put(old)
            _ = try writer.put(new)
        }
        #expect(commit?.stored.map(\.id) == [new.id])
        #expect(commit?.removed == [])
        #expect(ids(try store.store.feed.commits(after: .zero, limit: 9)) == [[new.id]])
    }

    @Test func `a transaction without events is no commit`() throws {
        let table = SideTable("cursor")
        let store = try TemporaryStore { $0.sideTables = [table] }
        let (_, commit) = try store.write { writer throws(StoreError) in
            try writer.put(SideWrite(table, key: [1], value: [2]))
        }
        #expect(commit == nil)
        #expect(store.store.latest == .zero)
        #expect(try store.store.side(table, key: [1]) == [2])
    }
}
