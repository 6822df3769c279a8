// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Foundation
import Ingest
import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing

@testable import rookery

@Suite struct EventImporterTests {
    let temporary: TemporaryDirectory

    init() throws { temporary = try TemporaryDirectory() }

    private func settings() -> Settings {
        var settings = Settings()
        settings.dataDirectory = temporary.file("data")
        settings.store.mapSizeGiB = 0.1
        return settings
    }

    private func line(_ event: Event) -> LineBuffer.Line { .whole(event.json) }

    @Test func `each line is counted as what became of it`() async throws {
        let own = try OwnStore(settings())
        let (old, new) = (Event.fixture(kind: 0, at: 100), Event.fixture(kind: 0, at: 200))
        let forged = Event.fixture(content: "good").text.replacing("good", with: "evil")
        let report = await EventImporter(ingest: own.ingest).judge([
            line(new), .whole([]), line(old), line(new), .whole(Array("{}".utf8)), .tooLong,
            .whole(Array(forged.utf8)),
        ])
        #expect(report[.stored] == 1)
        #expect(report[.superseded] == 1)
        #expect(report[.duplicate] == 1)
        #expect(report[.malformed] == 3, "what is forged is no event")
        #expect(report[.refused] == 0)
        #expect(report.total == 6)
        #expect(report.problems.map(\.line).sorted() == [5, 6, 7])
        #expect(try own.store.events(matching: [Filter()], now: SystemClocks.now()) == [new])
        await own.close()
    }

    /// Keeps the writer from going on until it is told to.
    private final class SlowDisk: IngestObserver {
        private let gate = DispatchSemaphore(value: 0)
        func open() { for _ in 0..<1_000 { gate.signal() } }
        func answered(_ verdicts: [Verdict], from source: IngestSource, after latency: Duration) {}
        func verified(signatures: Int) {}
        func wrote(events: Int, bytes: Int, in time: Duration, failed: Bool) { gate.wait() }
    }

    @Test func `a door that stays full fails no line`() async throws {
        let disk = SlowDisk()
        var limits = IngestLimits()
        limits.queuedEvents = 1
        let own = try OwnStore(settings(), limits: limits, observer: disk)
        own.ingest.submit([ParsedEvent(event: .fixture(content: "in the way"))], from: .importer) { _ in }
        let pauses = NIOLockedValueBox(0)
        let importer = EventImporter(ingest: own.ingest) { _ in
            let count = pauses.withLockedValue { count in
                count += 1
                return count
            }
            if count == 30 { disk.open() }
            if count > 30 { try? await Task.sleep(for: .milliseconds(1)) }
        }
        let report = await importer.judge((0..<3).map { line(.fixture(content: "\($0)")) })
        #expect(report[.stored] == 3 && report.failure == nil)
        #expect(pauses.withLockedValue { $0 } >= 30)
        await own.close()
    }

    @Test func `batches that are judged side by side go in in order`() async throws {
        var limits = IngestLimits()
        limits.queuedEvents = 8
        let own = try OwnStore(settings(), limits: limits)
        var sink = StoreSink(own.ingest)
        var whole = ImportReport()
        for number in 0..<60 {
            // The longer the batch, the later it is read.
            let filler = (0..<(number % 7)).map { line(.fixture(content: "\(number) \($0)")) }
            let batch = [line(.fixture(kind: 0, at: Int64(100 + number)))] + filler
            for report in try await sink.take(batch) { whole.add(report, after: 0) }
        }
        while let report = try await sink.finish() { whole.add(report, after: 0) }
        #expect(whole[.superseded] == 0 && whole.failure == nil)
        #expect(whole[.stored] == whole.total)
        await own.close()
    }

    /// Takes so many batches, then breaks.
    private struct BrokenSink: ImportSink {
        var left: Int
        mutating func take(_ lines: [LineBuffer.Line]) async throws -> [ImportReport] {
            guard left > 0 else { throw CommandFailure("gone") }
            left -= 1
            var report = ImportReport()
            for index in lines.indices { report.count(.duplicate, line: index + 1) }
            return [report]
        }
        mutating func finish() async throws -> ImportReport? { throw CommandFailure("gone too") }
    }

    @Test func `what was judged before the way broke is reported`() async throws {
        let file = temporary.file("lines")
        try Data((0..<2500).map { "\($0)\n" }.joined().utf8).write(to: URL(filePath: file))
        var source = try LineSource(file, maxLineLength: 100)
        var sink = BrokenSink(left: 2)
        let end = await ImportEnd.pump(&source, into: &sink)
        #expect(end.report[.duplicate] == 2000)
        #expect((end.failure as? CommandFailure)?.description == "gone")
    }

    @Test func `reports add up, with the numbers of lines of the whole`() {
        var whole = ImportReport()
        for batch in 0..<30 {
            var report = ImportReport()
            report.count(.duplicate, line: 1)
            report.count(malformed: "invalid", line: 2)
            whole.add(report, after: batch * 2)
        }
        #expect(whole[.duplicate] == 30)
        #expect(whole[.malformed] == 30)
        #expect(whole.problems.count == ImportReport.problemsMax)
        #expect(whole.problems.prefix(2).map(\.line) == [2, 4])
    }

    @Test func `a batch holds no more than its share of lines`() async throws {
        let file = temporary.file("lines")
        try Data((0..<2500).map { "\($0)\n" }.joined().utf8).write(to: URL(filePath: file))
        var source = try LineSource(file, maxLineLength: 100)
        var counts: [Int] = []
        while true {
            let batch = try source.next()
            if batch.isEmpty { break }
            counts.append(batch.count)
        }
        #expect(counts == [1000, 1000, 500])
        #expect(source.fraction == 1)
    }
}
