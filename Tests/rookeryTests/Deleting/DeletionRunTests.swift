// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NostrCore
import TestSupport
import Testing

@testable import rookery

/// Deleting in steps.
@Suite struct DeletionRunTests {
    let temporary: TemporaryDirectory
    let own: OwnStore

    init() async throws {
        temporary = try TemporaryDirectory()
        var settings = Settings()
        settings.dataDirectory = temporary.file("data")
        settings.store.durability = .relaxed
        settings.store.mapSizeGiB = 1
        own = try OwnStore(settings)
        let events = (0..<900).map {
            Event.fixture(kind: $0 % 3 == 0 ? 7 : 1, at: 1_600_000_000 + Int64($0), content: "\($0)", by: 1)
        }
        _ = await own.ingest.submit(try events.map { try Event.parse($0.json) }, from: .importer)
    }

    /// Cannot always do it.
    private struct Stubborn: RemovalSink, ~Copyable {
        let ingest: Ingest
        var sizes: [Int] = []
        var refusals: Int

        mutating func remove(_ order: RemovalOrder) async throws -> Int? {
            sizes.append(order.ids.count)
            if order.ids.count > 50, refusals > 0 {
                refusals -= 1
                return nil
            }
            return await ingest.remove(order)
        }
    }

    private func deletion() -> DeletionRun {
        DeletionRun(
            store: own.store, leavesTombstones: false, pause: {},
            progress: ProgressLine(isTerminal: false, write: { _ in }))
    }

    @Test func `what matches goes, in small steps`() async throws {
        var sink: Stubborn? = Stubborn(ingest: own.ingest, refusals: 0)
        var source = MatchingEvents([Filter(kinds: [7])], now: Timestamp(1_700_000_000))
        var run = deletion()
        let report = try await run.run(&source, into: &sink)
        #expect(report.events == 300)
        #expect(report.kinds == ["7": 300])
        #expect(sink?.sizes.allSatisfy { $0 <= RetentionRun.doomedMax } == true)
        #expect(try own.store.statistics.events == 600)
        await own.close()
    }

    @Test func `a step that cannot be done is done with fewer events`() async throws {
        var sink: Stubborn? = Stubborn(ingest: own.ingest, refusals: 3)
        var source = MatchingEvents([Filter()], now: Timestamp(1_700_000_000))
        var run = deletion()
        #expect(try await run.run(&source, into: &sink).events == 900)
        #expect(sink?.sizes.contains { $0 <= 50 } == true)
        await own.close()
    }

    @Test func `a dry run removes nothing`() async throws {
        var nobody: DaemonRemovals?
        var source = MatchingEvents([Filter(kinds: [7])], now: Timestamp(1_700_000_000))
        var run = deletion()
        let report = try await run.run(&source, into: &nobody)
        #expect(report.isDryRun && report.events == 300)
        #expect(try own.store.statistics.events == 900)
        await own.close()
    }

    @Test func `down to a size the oldest go, and no more than are needed`() async throws {
        var sink: OwnRemovals? = OwnRemovals(ingest: own.ingest)
        let target = try LiveBytes.all(of: own.store) * 3 / 4
        var source = SurplusEvents([Filter()], downTo: target)
        var run = deletion()
        let report = try await run.run(&source, into: &sink)
        let left = try own.store.events(matching: [Filter()], now: Timestamp(1_700_000_000))
        #expect(left.count == 900 - report.events)
        #expect(left.last?.createdAt == Timestamp(1_600_000_000 + Int64(report.events)))
        #expect(try LiveBytes.all(of: own.store) <= target * 101 / 100)
        await own.close()
    }

    @Test func `a dry run tells what the real one removes, also where deleting left pages half empty`()
        async throws
    {
        var sink: OwnRemovals? = OwnRemovals(ingest: own.ingest)
        var nobody: DaemonRemovals?
        for part in [5, 4] {
            // Events of all ages lie side by side in most tables.
            let target = try LiveBytes.all(of: own.store) * (part - 1) / part
            var (dry, real) = (
                SurplusEvents([Filter(kinds: [1])], downTo: target),
                SurplusEvents([Filter(kinds: [1])], downTo: target)
            )
            var run = deletion()
            let told = try await run.run(&dry, into: &nobody)
            let done = try await run.run(&real, into: &sink)
            #expect(told.events == done.events && told.bytes == done.bytes && done.events > 0)
            let live = try LiveBytes.all(of: own.store)
            #expect(live <= target * 101 / 100 && live >= target * 97 / 100)
            #expect(try own.store.inUseBytes() > target)
        }
        await own.close()
    }

    @Test func `a size that cannot be reached is told`() async throws {
        var sink: OwnRemovals? = OwnRemovals(ingest: own.ingest)
        var source = SurplusEvents([Filter(kinds: [7])], downTo: 1_000)
        var run = deletion()
        let report = try await run.run(&source, into: &sink)
        #expect(report.events == 300)
        #expect(report.excess ?? 0 > 100_000)
        var rest = SurplusEvents([Filter()], downTo: 0)
        #expect(try await run.run(&rest, into: &sink).excess == nil)
        #expect(try own.store.statistics.events == 0)
        await own.close()
    }

    @Test func `what is told of the removals themselves is no reason to remove more`() async throws {
        var sink: OwnRemovals? = OwnRemovals(ingest: own.ingest)
        let target = try LiveBytes.all(of: own.store) / 3
        var source = SurplusEvents([Filter()], downTo: target)
        var run = deletion()
        _ = try await run.run(&source, into: &sink)
        let log = try own.store.sizes().tables.first { $0.name == "log" }
        #expect((log?.bytes ?? 0) > 30_000)
        #expect(try own.store.statistics.events > 50)
        await own.close()
    }

    @Test(
        arguments: [
            ("10GiB", 10 << 30), ("500MB", 500_000_000), ("4096", 4096), ("1.5KiB", 1536), ("0B", 0),
            ("x", nil),
            ("-1", nil), ("GiB", nil),
        ] as [(String, Int?)])
    func `sizes are read as people write them`(text: String, bytes: Int?) {
        #expect(SizeText.bytes(text) == bytes)
    }
}
