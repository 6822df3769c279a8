// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing

@testable import Ingest

@Suite struct IngestConcurrencyTests {
    @Test func `one event from many at once is checked once, stored once and told once`() async throws {
        let door = try Door()
        let told = NIOLockedValueBox(0)
        let following = door.store.feed.subscribe { item in
            if case .commit(let commit) = item { told.withLockedValue { $0 += commit.stored.count } }
        }
        let events = (0..<40).map { Event.fixture(content: "\($0)") }
        let verdicts = await withTaskGroup(of: [Verdict].self) { group in
            for source in 0..<16 {
                group.addTask {
                    await door.submit(events, from: source % 2 == 0 ? .importer : .client(authenticated: []))
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for index in events.indices {
            let own = verdicts.map { $0[index] }
            #expect(own.count { $0.isStored } == 1 && own.count { $0 == .duplicate } == 15)
        }
        #expect(door.counts.now.verified == events.count)
        #expect(told.withLockedValue { $0 } == events.count)
        following.cancel()
    }

    @Test func `bad copies from many at once leave the good one alone`() async throws {
        let door = try Door()
        let event = Event.fixture(content: "good")
        let verdicts = await withTaskGroup(of: Verdict.self) { group in
            for copy in 0..<60 {
                group.addTask { await door.submit(copy == 31 ? event : event.tampered(signature: true)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(verdicts.count { $0.isStored } == 1)
        // Once the good one is stored its id is known, whatever the signature of a copy.
        #expect(verdicts.allSatisfy { $0.isStored || $0 == .duplicate || $0 == .rejected(.badSignature) })
        #expect(try door.store.event(event.id) == event)
    }

    @Test func `what one source sends is written in its order`() async throws {
        let door = try Door()
        // Each replaces the one before; any other order would leave some superseded.
        let versions = (0..<120).map { Event.fixture(kind: 10002, at: 1_000 + Int64($0)) }
        let replies = NIOLockedValueBox<[Verdict]>([])
        for version in versions {
            door.ingest.submit([ParsedEvent(event: version)], from: .importer) { verdicts in
                replies.withLockedValue { $0 += verdicts }
            }
        }
        await door.ingest.drain()
        let verdicts = replies.withLockedValue { $0 }
        #expect(verdicts.count == versions.count && verdicts.allSatisfy { $0.isStored })
        #expect(try door.stored() == [versions[119].id])
    }

    @Test func `a full door answers at once and clients keep room of their own`() async throws {
        let door = try Door { limits in
            limits.queuedEvents = 400
            limits.bulkShare = 0.5
        }
        let events = (0..<200).map { ParsedEvent(event: .fixture(content: "\($0)")) }
        let answers = NIOLockedValueBox<[[Verdict]]>([])
        for _ in 0..<4 {
            door.ingest.submit(events, from: .importer) { verdicts in
                answers.withLockedValue { $0.append(verdicts) }
            }
        }
        let client = await door.submit(.fixture(content: "client"))
        #expect(client.isStored)
        await door.ingest.drain()
        let all = answers.withLockedValue { $0 }
        #expect(all.count == 4)
        let busy = all.filter { $0.allSatisfy { $0 == .failed("busy, try again later") } }
        #expect(busy.count >= 1 && busy.count <= 3)
        #expect(door.ingest.queuedEvents == 0)
    }

    @Test func `too much in one submission is refused`() async throws {
        let door = try Door { $0.submissionEvents = 3 }
        let events = (0..<4).map { Event.fixture(content: "\($0)") }
        let verdicts = await door.submit(events)
        #expect(verdicts == Array(repeating: .failed("too much in one submission"), count: 4))
    }

    @Test func `shutting down answers what is inside and nothing after`() async throws {
        let door = try Door()
        let answers = NIOLockedValueBox<[Verdict]>([])
        for number in 0..<50 {
            door.ingest.submit([ParsedEvent(event: .fixture(content: "\(number)"))], from: .importer) {
                verdicts in
                answers.withLockedValue { $0 += verdicts }
            }
        }
        await door.ingest.shutdown()
        #expect(answers.withLockedValue { $0.count } == 50)
        #expect(answers.withLockedValue { $0 }.allSatisfy { $0.isStored })
        #expect(try door.stored().count == 50)
        #expect(door.ingest.health == .closed)
        #expect(await door.submit(.fixture(content: "late")) == .failed("shutting down"))
        await door.ingest.drain()
        await door.ingest.shutdown()
    }

    @Test func `a client overtakes an import`() async throws {
        let door = try Door()
        let events = (0..<3_000).map { ParsedEvent(event: .fixture(content: "\($0)")) }
        let order = NIOLockedValueBox<[String]>([])
        for start in stride(from: 0, to: 3_000, by: 100) {
            door.ingest.submit(Array(events[start..<(start + 100)]), from: .importer) { _ in
                order.withLockedValue { $0.append("import") }
            }
        }
        door.ingest.submit([ParsedEvent(event: .fixture(content: "x"))], from: .client(authenticated: [])) {
            _ in
            order.withLockedValue { $0.append("client") }
        }
        await door.ingest.drain()
        let place = try #require(order.withLockedValue { $0 }.firstIndex(of: "client"))
        #expect(place < 29)
    }
}
