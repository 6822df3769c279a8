// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Foundation
import Ingest
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
        #expect(report[.malformed] == 2)
        #expect(report[.refused] == 1)
        #expect(report.total == 6)
        #expect(report.problems.map(\.line).sorted() == [5, 6, 7])
        #expect(try own.store.events(matching: [Filter()], now: SystemClocks.now()) == [new])
        await own.close()
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
        #expect(source.bytesRead == source.length)
    }
}
