// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NostrCore

/// Takes lines of events to the one door, for `import` and for the daemon that an import asks.
struct EventImporter: Sendable {
    let ingest: Ingest

    /// How often a line that could not be judged is tried again, and how long the first pause is.
    static let triesMax = 6
    static let firstPause = Duration.milliseconds(50)

    /// Judges all lines; their numbers count from 1.
    func judge(_ lines: [LineBuffer.Line]) async -> ImportReport {
        var report = ImportReport()
        var waiting: [(line: Int, event: ParsedEvent)] = []
        for (index, line) in lines.enumerated() {
            switch line {
            case .tooLong: report.count(malformed: "invalid: the line is too long", line: index + 1)
            case .whole(let json) where json.allSatisfy({ $0 == 32 || $0 == 9 }): break
            case .whole(let json):
                do { waiting.append((index + 1, try Event.parse(json))) } catch {
                    report.count(malformed: "invalid: \(error.reason)", line: index + 1)
                }
            }
        }
        var pause = Self.firstPause
        for attempt in 1...Self.triesMax {
            let verdicts = await ingest.submit(waiting.map(\.event), from: .importer)
            var again: [(line: Int, event: ParsedEvent)] = []
            for (item, verdict) in zip(waiting, verdicts) {
                if verdict.isFinal || attempt == Self.triesMax {
                    report.count(verdict, line: item.line)
                } else {
                    again.append(item)
                }
            }
            waiting = again
            if waiting.isEmpty { break }
            // The door is full, or the disk is: what was not judged is asked again a little later.
            try? await Task.sleep(for: pause)
            pause *= 2
        }
        return report
    }
}
