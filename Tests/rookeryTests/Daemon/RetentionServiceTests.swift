// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import Logging
import NIOConcurrencyHelpers
import NostrCore
import RepositoryRules
import ServiceLifecycle
import Telemetry
import TestSupport
import Testing

@testable import rookery

/// Retention as the daemon runs it, in a time of its own.
@Suite struct RetentionServiceTests {
    private static let noon = Timestamp(1_700_000_000)

    /// Steps and pauses, in order.
    private final class Diary: Sendable {
        let uptime = NIOLockedValueBox(Uptime.zero)
        let steps = NIOLockedValueBox<[Int]>([])
        let pauses = NIOLockedValueBox<[Duration]>([])
        let looks = NIOLockedValueBox(0)
    }

    private func store(_ directory: TemporaryDirectory) async throws -> OwnStore {
        var settings = Settings()
        settings.dataDirectory = directory.file("data")
        settings.store.durability = .relaxed
        settings.store.mapSizeGiB = 1
        let own = try OwnStore(settings)
        let events = (0..<500).map {
            Event.fixture(at: Self.noon.seconds - 90 * 86_400 + Int64($0), content: "\($0)")
        }
        _ = await own.ingest.submit(try events.map { try Event.parse($0.json) }, from: .importer)
        return own
    }

    @Test func `it works in small steps with a rest after each, and goes by new rules without a restart`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let own = try await store(directory)
        let diary = Diary()
        let registry = MetricsRegistry()
        let meters = RetentionMeters(registry)
        let (ingest, started) = (own.ingest, AsyncStream.makeStream(of: Void.self))
        let service = RetentionService(
            RetentionSettings(rules: [try RetentionRule("forever")]),
            world: .init(
                store: own.store,
                remove: { order in
                    diary.steps.withLockedValue { $0.append(order.ids.count) }
                    diary.uptime.withLockedValue { $0 = $0 + .milliseconds(10) }
                    return await ingest.remove(order)
                },
                now: { Self.noon }, uptime: { diary.uptime.withLockedValue { $0 } },
                sleep: { span in
                    diary.pauses.withLockedValue { $0.append(span) }
                    diary.uptime.withLockedValue { $0 = $0 + span }
                    if span >= .seconds(1) { started.continuation.yield() }
                    await Task.yield()
                }),
            meters: meters, logger: LogOutput(level: .info, format: .json, clock: { 0 }) { _ in }.logger("r"))
        let running = Task { try await service.run() }
        // It rests: nothing is too old.
        for await _ in started.stream { break }
        #expect(diary.steps.withLockedValue { $0 } == [])
        service.adopt(RetentionSettings(rules: [try RetentionRule("30d")]))
        try await eventually("everything gone", holds: { try own.store.statistics.events == 0 })
        try await eventually("the look ended", holds: { meters.runs.value >= 1 })
        running.cancel()
        try? await running.value
        #expect(diary.steps.withLockedValue { $0 } == [200, 200, 100])
        let rests = diary.pauses.withLockedValue { $0.filter { $0 < .seconds(1) } }
        #expect(rests.prefix(3) == [.milliseconds(40), .milliseconds(40), .milliseconds(40)])
        #expect(meters.removed["age"].value == 500)
        await own.close()
    }

    @Test func `a rule that is withdrawn ends the look that goes by it, and what it had removed is told`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let own = try await store(directory)
        let log = NIOLockedValueBox<[String]>([])
        let meters = RetentionMeters(MetricsRegistry())
        let (ingest, stepped, rested) = (
            own.ingest, AsyncStream.makeStream(of: Void.self), AsyncStream.makeStream(of: Void.self)
        )
        let box = NIOLockedValueBox<RetentionService?>(nil)
        let service = RetentionService(
            RetentionSettings(rules: [try RetentionRule("30d")]),
            world: .init(
                store: own.store,
                remove: { order in
                    // While the first step is under way the operator takes the rule back.
                    box.withLockedValue { $0 }?.adopt(RetentionSettings(rules: []))
                    stepped.continuation.yield()
                    return await ingest.remove(order)
                },
                now: { Self.noon }, uptime: { .zero },
                sleep: { span in
                    if span >= .seconds(1) { rested.continuation.yield() }
                    await Task.yield()
                }),
            meters: meters,
            logger: LogOutput(level: .info, format: .json, clock: { 0 }) { line in
                log.withLockedValue { $0.append(String(decoding: line, as: UTF8.self)) }
            }.logger("r"))
        box.withLockedValue { $0 = service }
        let running = Task { try await service.run() }
        for await _ in stepped.stream { break }
        for await _ in rested.stream { break }
        running.cancel()
        try? await running.value
        #expect(try own.store.statistics.events == 300, "one step of 200 of the 500")
        #expect(meters.runs.value == 0)
        #expect(log.withLockedValue { $0 }.contains { $0.contains("ended early") && $0.contains("200") })
        await own.close()
    }

    @Test func `a store that takes no writes ends the look, and the next one tries again`() async throws {
        let directory = try TemporaryDirectory()
        let own = try await store(directory)
        let diary = Diary()
        let meters = RetentionMeters(MetricsRegistry())
        let service = RetentionService(
            RetentionSettings(rules: [try RetentionRule("30d")]),
            world: .init(
                store: own.store,
                remove: { _ in
                    diary.looks.withLockedValue { $0 += 1 }
                    return nil
                },
                now: { Self.noon }, uptime: { diary.uptime.withLockedValue { $0 } },
                sleep: { span in
                    diary.uptime.withLockedValue { $0 = $0 + span }
                    await Task.yield()
                }),
            meters: meters,
            logger: LogOutput(level: .critical, format: .json, clock: { 0 }) { _ in }.logger("r"))
        let running = Task { try await service.run() }
        try await eventually("two looks broken off", holds: { meters.failures.value >= 2 })
        running.cancel()
        try? await running.value
        #expect(try own.store.statistics.events == 500)
        #expect(meters.runs.value == 0)
        await own.close()
    }
}
