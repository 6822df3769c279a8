// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing

@testable import Ingest

/// Somebody is asked, and answers when the test says so.
final class PatientConsultant: EventConsultant {
    typealias Asked = (question: Consultation, reply: @Sendable ([Opinion]) -> Void)
    private let asked = NIOLockedValueBox<[Asked]>([])

    var count: Int { asked.withLockedValue(\.count) }

    func concerns(_ source: IngestSource) -> Bool {
        if case .client = source { true } else { false }
    }

    func consult(_ question: Consultation, reply: @escaping @Sendable ([Opinion]) -> Void) {
        asked.withLockedValue { $0.append((question, reply)) }
    }

    /// Answers one question: no to texts that begin with `no`.
    func answer(_ index: Int) {
        let (question, reply) = asked.withLockedValue { $0.remove(at: index) }
        reply(question.events.map { $0.content.hasPrefix("no") ? .reject("blocked: no") : .accept })
    }
}

@Suite struct ConsultingTests {
    private func client(_ number: Int) -> IngestSource {
        .client(authenticated: [], connection: UInt64(number))
    }

    private func note(_ text: String) -> Event { .fixture(content: text) }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `in whatever order answers come, each source's events are stored in its order, and all are answered`(
        seed: UInt64
    ) async throws {
        var random = SplitMix64(seed: seed)
        let consultant = PatientConsultant()
        let door = try Door(consultant: consultant) { $0.verifierEvents = 2 }
        let stored = NIOLockedValueBox<[String]>([])
        let following = door.store.feed.subscribe { item in
            if case .commit(let commit) = item {
                stored.withLockedValue { $0 += commit.stored.map(\.content) }
            }
        }
        let answered = NIOLockedValueBox<[String: [Verdict]]>([:])
        var sent: [Int: [String]] = [:]
        for number in 0..<40 {
            let source = Int.random(in: 0..<4, using: &random)
            let texts = (0..<Int.random(in: 1...3, using: &random)).map { part in
                "\(Bool.random(using: &random) ? "no" : "ok") \(source) \(number) \(part)"
            }
            sent[source, default: []] += texts.filter { $0.hasPrefix("ok") }
            // The last source is one that nobody is asked about.
            let from = source == 3 ? IngestSource.importer : client(source)
            if source == 3 { sent[3, default: []] += texts.filter { $0.hasPrefix("no") } }
            door.ingest.submit(texts.map { ParsedEvent(event: note($0)) }, from: from) { verdicts in
                answered.withLockedValue { $0["\(number)"] = verdicts }
            }
            if consultant.count > 0, Bool.random(using: &random) {
                consultant.answer(Int.random(in: 0..<consultant.count, using: &random))
            }
        }
        let drain = Task { await door.ingest.drain() }
        try await eventually("everybody has an answer", within: .seconds(60)) {
            while consultant.count > 0 {
                consultant.answer(Int.random(in: 0..<consultant.count, using: &random))
            }
            return answered.withLockedValue(\.count) == 40
        }
        await drain.value
        following.cancel()
        let order = stored.withLockedValue { $0 }
        for source in 0..<3 {
            #expect(
                order.filter { $0.contains(" \(source) ") && $0.split(separator: " ")[1] == "\(source)" }
                    == sent[source])
        }
        #expect(Set(order.filter { $0.split(separator: " ")[1] == "3" }) == Set(sent[3] ?? []))
        #expect(door.ingest.queuedEvents == 0)
        for (_, verdicts) in answered.withLockedValue({ $0 }) {
            #expect(verdicts.allSatisfy { $0.isStored || $0 == .rejected(.rule("blocked: no")) })
        }
    }

    @Test func `what waits for answers is bounded, and leaves room for those nobody is asked about`()
        async throws
    {
        let consultant = PatientConsultant()
        let door = try Door(consultant: consultant) { $0.consultedEvents = 3 }
        for number in 0..<3 {
            door.ingest.submit([ParsedEvent(event: note("\(number)"))], from: client(number)) { _ in }
        }
        #expect(await door.submit(note("more"), from: client(9)) == .busy)
        #expect(await door.submit(note("imported"), from: .importer).isStored)
        try await eventually("all are asked about", within: .seconds(60)) { consultant.count == 3 }
        for _ in 0..<3 { consultant.answer(0) }
        await door.ingest.drain()
        let again = Task { await door.submit(note("more"), from: client(9)) }
        try await eventually("it is asked about", within: .seconds(60)) { consultant.count == 1 }
        consultant.answer(0)
        #expect(await again.value.isStored)
    }

    @Test func `a door that closes waits for the answers`() async throws {
        let consultant = PatientConsultant()
        let door = try Door(consultant: consultant)
        let asked = Task { await door.submit(note("x"), from: client(1)) }
        try await eventually("it is asked about", within: .seconds(60)) { consultant.count == 1 }
        let closing = Task { await door.ingest.shutdown() }
        try await eventually("it is closed", within: .seconds(60)) {
            await door.submit(note("y"), from: .importer) == .failed("shutting down")
        }
        consultant.answer(0)
        #expect(await asked.value.isStored)
        _ = await closing.value
    }

    @Test func `rows of a source come after its events that wait`() async throws {
        let consultant = PatientConsultant()
        let table = SideTable("rows")
        let door = try Door(sideTables: [table], consultant: consultant)
        let event = Task { await door.submit(note("x"), from: client(1)) }
        try await eventually("it is asked about", within: .seconds(60)) { consultant.count == 1 }
        let row = Task {
            await door.submit([], from: client(1), with: [SideWrite(table, key: [1], value: [2])])
        }
        #expect(await door.submit(note("z"), from: .importer).isStored)
        #expect(try door.store.side(table, key: [1]) == nil)
        consultant.answer(0)
        #expect(await event.value.isStored)
        _ = await row.value
        #expect(try door.store.side(table, key: [1]) == [2])
    }
}
