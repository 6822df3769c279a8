// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import RelaySession

/// `rookery import FILE|-`
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take events from a file, one JSON object a line.",
        discussion: """
            What is compressed with zstd or gzip is unpacked as it is read; so are exports of strfry, with or without \
            its "fried" form.

            Every event passes the same door as one that a client sends: signatures are checked, admission rules \
            hold, known events cost little. A running daemon is asked to do it; otherwise the store is opened \
            here. Exit code 0 when every line was judged, 1 when something failed; with --strict also when a \
            line was malformed or refused.
            """)

    @Argument(help: ArgumentHelp("The file, or - for standard input.", valueName: "file"))
    var file: String

    @Flag(help: "Exit code 1 when a line was malformed or refused.")
    var strict = false

    @Flag(help: "Tell the outcome as one JSON object.")
    var json = false

    @Option(help: "sync, or relaxed: faster; a power cut may cost the last seconds.")
    var durability: String?

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        var flags: [ConfigLoader.Flag] = []
        flags.add("--durability", "store.durability", durability)
        let settings = try options.settings(and: flags)
        var source = try LineSource(file, maxLineLength: settings.relay.limits.shown.maxMessageLength)
        let start = ContinuousClock.now
        Interruption.heed()
        var end: ImportEnd
        switch try WritingSide.find(settings, makesStore: true) {
        case .daemon(let client):
            var sink = DaemonSink(client)
            end = await ImportEnd.pump(&source, into: &sink)
        case .own(let own):
            var sink = StoreSink(own.ingest)
            end = await ImportEnd.pump(&source, into: &sink)
            if let reason = await own.close() { end.failure = end.failure ?? CommandFailure(reason) }
        }
        if let failure = end.failure { end.report.breakOff("\(failure)") }
        tell(end.report, in: .now - start)
        try Interruption.leave()
        if let failure = end.failure { throw failure }
        if let failure = end.report.failure { throw CommandFailure("stopped early: \(failure)") }
        if strict, end.report[.malformed] + end.report[.refused] > 0 { throw ExitCode(1) }
    }

    private func tell(_ report: ImportReport, in time: Duration) {
        if json { return Console.print(ControlCoding.line(report)) }
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
    }
}
