// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing

@testable import Ingest

@Suite struct IngestTests {
    @Test func `a true event is stored before its verdict`() async throws {
        let door = try Door()
        let event = Event.fixture(content: "hello")
        #expect(await door.submit(event).isStored)
        #expect(try door.store.event(event.id) == event)
    }

    @Test func `a known event costs no signature check`() async throws {
        let door = try Door()
        let event = Event.fixture(content: "hello")
        _ = await door.submit(event)
        let before = door.counts.now.verified
        #expect(await door.submit(event) == .duplicate)
        #expect(await door.submit(event.tampered(signature: true)) == .duplicate)
        #expect(door.counts.now.verified == before)
    }

    @Test func `a wrong id and a wrong signature are refused`() async throws {
        let door = try Door()
        let event = Event.fixture(content: "hello")
        #expect(await door.submit(event.tampered(content: true)) == .rejected(.wrongID))
        #expect(await door.submit(event.tampered(signature: true)) == .rejected(.badSignature))
        #expect(try door.stored().isEmpty)
    }

    @Test func `a bad copy does not spoil the good one`() async throws {
        let door = try Door()
        let event = Event.fixture(content: "hello")
        let copies = [
            event.tampered(signature: true), event.tampered(content: true), event,
            event.tampered(signature: true),
            event,
        ]
        let verdicts = await door.submit(copies)
        #expect(verdicts[0] == .rejected(.badSignature) && verdicts[1] == .rejected(.wrongID))
        #expect(verdicts[2].isStored && verdicts[4] == .duplicate)
    }

    @Test func `the store's refusals become verdicts`() async throws {
        let door = try Door()
        let old = Event.fixture(kind: 10002, at: 5)
        let new = Event.fixture(kind: 10002, at: 6)
        let gone = Event.fixture(content: "gone")
        let deletion = Event.fixture(kind: .deletion, at: 1_700_000_001, tags: [.of("e", gone.id.hex)])
        let verdicts = await door.submit([new, old, deletion, gone])
        #expect(verdicts[0].isStored && verdicts[2].isStored)
        #expect(verdicts[1] == .superseded)
        #expect(verdicts[3] == .rejected(.deleted))
    }

    @Test func `verdicts come in the order of the events`() async throws {
        let door = try Door()
        let events = (0..<300).map { Event.fixture(content: "\($0)") }
        let mixed = events.enumerated().map { $0 % 3 == 1 ? $1.tampered(signature: true) : $1 }
        let verdicts = await door.submit(mixed)
        for (index, verdict) in verdicts.enumerated() {
            #expect(index % 3 == 1 ? verdict == .rejected(.badSignature) : verdict.isStored)
        }
    }

    @Test func `an event whose sender escapes differently is stored with the spelling its id fits`()
        async throws
    {
        let door = try Door()
        let event = Event.fixture(content: "a/b")
        let escaped = event.text.replacing("a/b", with: #"a\/b"#)
        let parsed = try Event.parse(Array(escaped.utf8))
        #expect(await door.ingest.submit([parsed], from: .importer)[0].isStored)
        #expect(try door.store.event(event.id) == event)
    }

    @Test func `an ephemeral event is passed on once and never written`() async throws {
        let door = try Door()
        let seen = NIOLockedValueBox<[EventID]>([])
        let following = door.store.feed.subscribe { item in
            if case .ephemeral(let event, _) = item { seen.withLockedValue { $0.append(event.id) } }
        }
        let event = Event.fixture(kind: 20001, content: "now")
        #expect(await door.submit([event, event]) == [.ephemeral, .duplicate])
        #expect(await door.submit(event) == .duplicate)
        #expect(seen.withLockedValue { $0 } == [event.id])
        #expect(try door.stored().isEmpty)
        following.cancel()
    }

    @Test func `rows are written with events and alone`() async throws {
        let table = SideTable("rows")
        let door = try Door(sideTables: [table])
        let row = SideWrite(table, key: [1], value: [2])
        #expect(await door.submit([], with: [row]) == [])
        #expect(try door.store.side(table, key: [1]) == [2])
        let known = Event.fixture(content: "x")
        let other = SideWrite(table, key: [3], value: [4])
        #expect(await door.submit([known], with: [other])[0].isStored)
        #expect(try door.store.side(table, key: [3]) == [4])
        #expect(await door.submit([known], with: [SideWrite(table, key: [1], value: nil)]) == [.duplicate])
        #expect(try door.store.side(table, key: [1]) == nil, "rows need no new event")
    }

    @Test func `nothing is written when a required row is different`() async throws {
        let table = SideTable("rows")
        let door = try Door(sideTables: [table])
        let (absent, one) = (SideWrite(table, key: [1], value: nil), SideWrite(table, key: [1], value: [1]))
        let two = SideWrite(table, key: [1], value: [2])
        let event = Event.fixture(content: "x")
        #expect(await door.submit([event], with: [two], requiring: [one]) == [.conflict])
        #expect(try door.stored().isEmpty)
        #expect(await door.submit([], requiring: [one]) == [.conflict], "rows alone are told of, too")
        #expect(await door.submit([event], with: [one], requiring: [absent])[0].isStored)
        #expect(await door.submit([], with: [two], requiring: [absent]) == [.conflict])
        #expect(await door.submit([], with: [two], requiring: [one]) == [])
        #expect(try door.store.side(table, key: [1]) == [2])
    }

    @Test func `of many who require the same row to be absent, one has its way`() async throws {
        let table = SideTable("rows")
        let door = try Door(sideTables: [table])
        let verdicts = await withTaskGroup(of: [Verdict].self) { group in
            for number in UInt8(0)..<50 {
                group.addTask {
                    await door.submit(
                        [], with: [SideWrite(table, key: [1], value: [number])],
                        requiring: [SideWrite(table, key: [1], value: nil)])
                }
            }
            return await group.reduce(into: [[Verdict]]()) { $0.append($1) }
        }
        #expect(verdicts.count { $0.isEmpty } == 1)
        #expect(verdicts.count { $0 == [.conflict] } == 49)
    }

    @Test func `the feed hears of an event once`() async throws {
        let door = try Door()
        let seen = NIOLockedValueBox<[EventID]>([])
        let following = door.store.feed.subscribe { item in
            if case .commit(let commit) = item { seen.withLockedValue { $0 += commit.stored.map(\.id) } }
        }
        let events = (0..<50).map { Event.fixture(content: "\($0)") }
        _ = await door.submit(events + events)
        #expect(seen.withLockedValue { $0 } == events.map(\.id))
        following.cancel()
    }

    @Test func `expired events are swept`() async throws {
        let door = try Door { $0.expirySweepSeconds = 10 }
        let event = Event.fixture(tags: [.of("expiration", "1700000005")])
        #expect(await door.submit(event).isStored)
        door.pass(20)
        #expect(await door.submit(.fixture(content: "later")).isStored)
        await door.ingest.drain()
        _ = await door.submit(.fixture(content: "after the sweep"))
        #expect(try door.store.event(event.id) == nil)
    }

    @Test func `known events and a clock that was set back do not postpone the sweep`() async throws {
        let door = try Door { $0.expirySweepSeconds = 10 }
        let event = Event.fixture(tags: [.of("expiration", "1700000005")])
        let known = Event.fixture(content: "known")
        #expect(await door.submit([event, known]).allSatisfy { $0.isStored })
        await door.ingest.drain()
        door.pass(20)
        // Nothing of this has work for the writer, whose wait is over by now.
        try await eventually("the sweep") {
            _ = await door.submit(known)
            return try door.store.event(event.id) == nil
        }
        let second = Event.fixture(tags: [.of("expiration", "1600000005")])
        door.set(Timestamp(1_600_000_000))
        #expect(await door.submit(second, from: .importer).isStored)
        door.set(Timestamp(1_600_000_010))
        door.passUptime(10)
        try await eventually("the next sweep") {
            _ = await door.submit(known)
            return try door.store.event(second.id) == nil
        }
    }

    @Test func `a stored event that has expired is not called a duplicate`() async throws {
        let door = try Door { $0.expirySweepSeconds = 1_000 }
        let event = Event.fixture(tags: [.of("expiration", "1700000005")])
        #expect(await door.submit(event).isStored)
        #expect(await door.submit(event) == .duplicate)
        door.pass(5)
        #expect(await door.submit(event) == .rejected(.expired))
        #expect(door.counts.now.verified == 1)
    }

    @Test func `the observer is told of everything`() async throws {
        let door = try Door()
        let events = (0..<20).map { Event.fixture(content: "\($0)") }
        _ = await door.submit(events, from: .importer)
        _ = await door.submit(events, from: .bridge)
        await door.ingest.drain()
        let sum = door.counts.now
        #expect(sum.sources == ["importer": 20, "bridge": 20])
        #expect(sum.verified == 20)
        #expect(sum.batches.reduce(0, +) == 20)
    }
}
