// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import RelaySession

/// `rookery import FILE|-`
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take events from a file, one JSON object a line.",
        discussion: """
            Every event passes the same door as one that a client sends: signatures are checked, admission rules \
            hold, known events cost little. A running daemon is asked to do it; otherwise the store is opened \
            here. Exit code 0 when every line was judged, 1 when something failed; with --strict also when a \
            line was malformed or refused.
            """)

    @Argument(help: ArgumentHelp("The file, or - for standard input.", valueName: "file"))
    var file: String

    @Flag(help: "Exit code 1 when a line was malformed or refused.")
    var strict = false

    @Option(help: "sync, or relaxed: faster; a power cut may cost the last seconds.")
    var durability: String?

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        var flags: [ConfigLoader.Flag] = []
        flags.add("--durability", "store.durability", durability)
        let settings = try options.settings(and: flags)
        var source = try LineSource(file, maxLineLength: settings.relay.limits.shown.maxMessageLength)
        let start = ContinuousClock.now
        let report: ImportReport
        if let client = try ControlClient.reach(settings.directory) {
            var sink = DaemonSink(client)
            report = try await Self.pump(&source, into: &sink)
        } else {
            let own: OwnStore
            do { own = try OwnStore(settings) } catch let error as DirectoryLock.Held {
                throw CommandFailure("\(error), which does not answer at its control socket")
            }
            var sink = StoreSink(own.ingest)
            report = try await Self.pump(&source, into: &sink)
            await own.close()
        }
        try tell(report, in: .now - start)
    }

    /// Reads to the end, or until the store can take no more.
    private static func pump(
        _ source: inout LineSource, into sink: inout some ImportSink & ~Copyable
    ) async throws -> ImportReport {
        var report = ImportReport()
        var progress = ProgressLine()
        var offsets: [Int] = []
        var lines = 0
        while report.failure == nil {
            let batch = try source.next()
            if batch.isEmpty { break }
            offsets.append(lines)
            lines += batch.count
            if let judged = try await sink.take(batch) { report.add(judged, after: offsets.removeFirst()) }
            let fraction = source.length.map { $0 == 0 ? 1 : Double(source.bytesRead) / Double($0) }
            progress.show(fraction, report.total, "events")
        }
        while let judged = try await sink.finish() { report.add(judged, after: offsets.removeFirst()) }
        progress.clear()
        return report
    }

    private func tell(_ report: ImportReport, in time: Duration) throws {
        for problem in report.problems { Console.complain("line \(problem.line): \(problem.reason)") }
        let bad = report[.malformed] + report[.refused]
        if bad > report.problems.count { Console.complain("and \(bad - report.problems.count) more lines") }
        let ended = ImportReport.Outcome.allCases.compactMap { outcome in
            report[outcome] == 0 ? nil : "\(Numbers.grouped(report[outcome])) \(outcome.rawValue)"
        }
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        let speed = Numbers.grouped(Int(Double(report.total) / max(0.001, seconds)))
        let what = ended.isEmpty ? "nothing" : ended.joined(separator: ", ")
        Console.say("\(what) in \(Numbers.seconds(time)) (\(speed) events/s)")
        if let failure = report.failure { throw CommandFailure("stopped early: \(failure)") }
        if strict, bad > 0 { throw ExitCode(1) }
    }
}
