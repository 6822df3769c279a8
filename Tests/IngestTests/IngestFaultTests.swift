// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NostrCore
import RepositoryRules
import TestSupport
import Testing

@testable import Ingest

@Suite struct IngestFaultTests {
    @Test func `a full store fails what does not fit, serves on, and heals by itself`() async throws {
        let door = try Door(mapSize: 2 << 20)
        let text = String(repeating: "x", count: 20_000)
        let events = (0..<200).map { Event.fixture(at: Int64($0), content: text) }
        var verdicts: [Verdict] = []
        for event in events where verdicts.last?.isFinal != false {
            verdicts.append(await door.submit(event))
        }
        #expect(verdicts.last == .failed("no room left"))
        #expect(verdicts.last?.ok.message == "error: no room left")
        #expect(verdicts.dropLast().allSatisfy { $0.isStored })
        #expect(try door.stored().count == verdicts.count - 1, "reads go on")
        let deletion = Event.fixture(kind: .deletion, tags: events.prefix(5).map { .of("e", $0.id.hex) })
        #expect(await door.submit(deletion).isStored)
        #expect(await door.submit(.fixture(content: "small")).isStored)
        #expect(door.ingest.health == .sound)
    }

    @Test func `health heals though nobody sends anything`() async throws {
        let door = try Door(mapSize: 2 << 20)
        let giant = Event.fixture(content: String(repeating: "x", count: 3_000_000))
        #expect(await door.submit(giant, from: .importer) == .failed("no room left"))
        try await eventually("health", holds: { door.ingest.health == .sound })
    }

    @Test func `a store that has room for a few bytes only stays ill until something was deleted`()
        async throws
    {
        let door = try Door(mapSize: 2 << 20) { $0.probeMilliseconds = 1 }
        let text = String(repeating: "x", count: 20_000)
        var stored: [Event] = []
        for at in 0..<200 {
            let event = Event.fixture(at: Int64(at), content: text)
            guard await door.submit(event).isStored else { break }
            stored.append(event)
        }
        #expect(door.ingest.health != .sound)
        // What is known keeps nobody from probing; a probe is made each millisecond.
        for _ in 0..<200 {
            #expect(await door.submit(stored[0]).isStored == false)
            #expect(door.ingest.health != .sound)
        }
        let deletion = Event.fixture(kind: .deletion, tags: stored.prefix(9).map { .of("e", $0.id.hex) })
        #expect(await door.submit(deletion).isStored)
        try await eventually("health", holds: { door.ingest.health == .sound })
        #expect(await door.submit(.fixture(content: text + "z")).isStored)
    }

    @Test func `one that does not fit does not take its batch mates along`() async throws {
        let door = try Door(mapSize: 4 << 20) { limits in
            limits.bulkLingerMilliseconds = 2_000
            limits.batchEvents = 200
        }
        var events = (0..<100).map { Event.fixture(content: "\($0)") }
        events[37] = .fixture(content: String(repeating: "x", count: 1 << 20) + "1")
        events[38] = .fixture(content: String(repeating: "x", count: 3 << 20) + "2")
        let verdicts = await door.submit(events, from: .importer)
        #expect(verdicts[38] == .failed("no room left"))
        #expect(verdicts.enumerated().allSatisfy { $0 == 38 || $1.isStored })
        #expect(door.ingest.health == .sound)
    }

    @Test func `rows that cannot be written fail their own submission only`() async throws {
        let table = SideTable("rows")
        let door = try Door(sideTables: [table])
        let answers = NIOLockedValueBox<[Int: Verdict]>([:])
        for number in 0..<20 {
            let key: [UInt8] = number == 7 ? [] : [UInt8(number)]
            door.ingest.submit(
                [ParsedEvent(event: .fixture(content: "\(number)"))], from: .importer,
                with: [SideWrite(table, key: key, value: [1])]
            ) { verdicts in answers.withLockedValue { $0[number] = verdicts[0] } }
        }
        await door.ingest.drain()
        for number in 0..<20 {
            let verdict = answers.withLockedValue { $0[number] }
            #expect(number == 7 ? verdict == .failed("cannot be written") : verdict?.isStored == true)
        }
        #expect(door.ingest.health == .sound)
        #expect(try door.store.sideRows(table, limit: 100).count == 19)
    }

    @Test func `an announcement is stored though what waits for it has no room`() async throws {
        let rules = AdmissionRules.grasp(
            GraspAdmission(service: nil, archive: [.repository(TestKey.publicKey(0), "main")]))
        let door = try Door(rules, mapSize: 2 << 20)
        let ours = Event.announcement("main", by: 0, maintainers: [1])
        let text = String(repeating: "x", count: 20_000)
        let waiting = (0..<100).map {
            Event.fixture(kind: .comment, tags: [.of("e", ours.id.hex)], content: "\($0)" + text, by: 5)
        }
        #expect(await door.submit(waiting).allSatisfy { $0 == .held })
        #expect(await door.submit(ours).isStored)
        #expect(try door.stored() == [ours.id])
        #expect(door.ingest.heldEvents == 100)
        #expect(await door.submit(.state("main", by: 1)).isStored, "its authority is known")
        #expect(await door.submit(waiting[7]).isStored, "sent again")
    }

    @Test func `rows alone that cannot be written say so`() async throws {
        let door = try Door()
        let verdicts = await door.submit([], with: [SideWrite(SideTable("undeclared"), key: [1], value: [1])])
        #expect(verdicts == [.failed("cannot be written")])
    }

    @Test func `events of a submission with rows are stored together or not at all`() async throws {
        let table = SideTable("rows")
        let door = try Door(mapSize: 4 << 20, sideTables: [table])
        var events = (0..<10).map { Event.fixture(content: "\($0)") }
        events[5] = .fixture(content: String(repeating: "x", count: 5_000_000))
        let row = SideWrite(table, key: [1], value: [1])
        let verdicts = await door.submit(events, from: .importer, with: [row])
        #expect(verdicts.allSatisfy { $0 == .failed("no room left") })
        #expect(try door.stored().isEmpty)
        #expect(try door.store.side(table, key: [1]) == nil)
    }
}
