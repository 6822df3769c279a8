// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import EventStore

/// `rookery check`
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Walk the whole store and say whether it is sound.",
        discussion: """
            Follows every index entry to its event and every event to its entries, from one snapshot; a running \
            daemon is not disturbed. Exit code 0 when all is well, 1 when something is wrong.
            """)

    @Flag(help: "Tell the outcome as one JSON object.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() throws {
        let settings = try options.settings()
        let store = try OwnStore.readOnly(settings)
        var progress = ProgressLine()
        Interruption.heed()
        let start = ContinuousClock.now
        let report: IntegrityReport
        do {
            report = try store.check { done, whole in
                progress.show(whole == 0 ? nil : Double(done) / Double(whole), done, "entries")
                return !Interruption.isAsked
            }
        } catch {
            throw CommandFailure("\(settings.directory.path): \(error)")
        }
        progress.clear()
        if json {
            Console.print(ControlCoding.line(CheckReport(report)))
            try Interruption.leave()
            if !report.isSound { throw ExitCode(1) }
            return
        }
        for fault in report.faults { Console.complain(fault) }
        if report.faultCount > report.faults.count {
            Console.complain("and \(Numbers.grouped(report.faultCount - report.faults.count)) more")
        }
        let entries = report.entries.values.reduce(0, +)
        Console.say(
            "\(Numbers.grouped(report.events)) events and \(Numbers.grouped(entries)) index entries read in "
                + "\(Numbers.seconds(.now - start)): "
                + (report.isSound
                    ? (report.isComplete ? "sound" : "sound so far")
                    : "\(Numbers.grouped(report.faultCount)) faults"))
        try Interruption.leave()
        if !report.isSound { throw ExitCode(1) }
    }
}

/// What `rookery check --json` tells.
struct CheckReport: Codable, Hashable {
    var isSound: Bool
    /// Whether it went all the way.
    var isComplete: Bool
    var events: Int
    /// Rows followed, by table.
    var entries: [String: Int]
    /// How many findings there are in all, and the first of them.
    var faultCount: Int
    var faults: [String]

    init(_ report: IntegrityReport) {
        isSound = report.isSound
        isComplete = report.isComplete
        events = report.events
        entries = report.entries
        faultCount = report.faultCount
        faults = report.faults
    }
}
