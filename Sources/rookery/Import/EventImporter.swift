// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NostrCore

/// Takes events to the one door, for `import`, for the daemon that an import asks, and for streams.
struct EventImporter: Sendable {
    let ingest: Ingest
    var source = IngestSource.importer
    /// Lets time pass; cancelled, it ends at once and the next try comes sooner.
    var pause: @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    /// Told of each verdict that will not change.
    var told: @Sendable (EventID, Verdict) -> Void = { _, _ in }

    /// How often a line that could not be judged is tried again.
    static let triesMax = 6
    /// The pauses between two tries, and while the door is full.
    static let pauses = (first: Duration.milliseconds(50), longest: Duration.seconds(1))

    /// Judges all lines; their numbers count from 1.
    ///
    /// - Parameter turn: lines of an earlier batch go in before these do.
    func judge(_ lines: [LineBuffer.Line], in turn: ImportTurn = ImportTurn()) async -> ImportReport {
        let (report, events) = Self.parse(lines)
        await turn.waitForEarlier()
        return await judge(events, report, in: turn)
    }

    /// Judges events that are read already.
    func judge(_ events: [ParsedEvent]) async -> ImportReport {
        let numbered = events.enumerated().map { (line: $0.offset + 1, event: $0.element) }
        return await judge(numbered, ImportReport(), in: ImportTurn())
    }

    private func judge(
        _ events: [(line: Int, event: ParsedEvent)], _ malformed: ImportReport, in turn: ImportTurn
    ) async -> ImportReport {
        var (report, waiting) = (malformed, events)
        var pause = Self.pauses.first
        var attempt = 1
        while !waiting.isEmpty {
            let verdicts = await submit(waiting.map(\.event), in: turn)
            let isLast = attempt == Self.triesMax
            var again: [(line: Int, event: ParsedEvent)] = []
            var wasFull = false
            for (item, verdict) in zip(waiting, verdicts) {
                if verdict == .busy { wasFull = true }
                if verdict.isFinal || (isLast && verdict != .busy) {
                    report.count(verdict, line: item.line)
                    told(item.event.id, verdict)
                } else {
                    again.append(item)
                }
            }
            waiting = again
            if waiting.isEmpty { break }
            // The disk is full: what was not judged is asked again a little later. A full door is no failure,
            // however long it lasts.
            await self.pause(pause)
            pause = min(pause * 2, Self.pauses.longest)
            if !wasFull { attempt += 1 }
        }
        turn.end()
        return report
    }

    private static func parse(
        _ lines: [LineBuffer.Line]
    ) -> (report: ImportReport, events: [(line: Int, event: ParsedEvent)]) {
        var report = ImportReport()
        var events: [(line: Int, event: ParsedEvent)] = []
        for (index, line) in lines.enumerated() {
            switch line {
            case .tooLong: report.count(malformed: "invalid: the line is too long", line: index + 1)
            case .whole(let json) where json.allSatisfy({ $0 == 32 || $0 == 9 }): break
            case .whole(let json):
                do { events.append((index + 1, try Event.parse(json))) } catch {
                    report.count(malformed: "invalid: \(error.reason)", line: index + 1)
                }
            }
        }
        return (report, events)
    }

    /// The next batch's turn comes as soon as these are inside the door.
    private func submit(_ events: [ParsedEvent], in turn: ImportTurn) async -> [Verdict] {
        await withCheckedContinuation { waiting in
            if ingest.submit(events, from: source, reply: { waiting.resume(returning: $0) }) { turn.end() }
        }
    }
}
