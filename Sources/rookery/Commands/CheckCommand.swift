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

    @OptionGroup var options: ConfigOptions

    func run() throws {
        let settings = try options.settings()
        let store = try OwnStore.readOnly(settings)
        var progress = ProgressLine()
        let start = ContinuousClock.now
        let report: IntegrityReport
        do {
            report = try store.check { done, whole in
                progress.show(whole == 0 ? nil : Double(done) / Double(whole), done, "entries")
                return true
            }
        } catch {
            throw CommandFailure("\(settings.directory.path): \(error)")
        }
        progress.clear()
        for fault in report.faults { Console.complain(fault) }
        if report.faultCount > report.faults.count {
            Console.complain("and \(Numbers.grouped(report.faultCount - report.faults.count)) more")
        }
        let entries = report.entries.values.reduce(0, +)
        Console.say(
            "\(Numbers.grouped(report.events)) events and \(Numbers.grouped(entries)) index entries read in "
                + "\(Numbers.seconds(.now - start)): "
                + (report.isSound ? "sound" : "\(Numbers.grouped(report.faultCount)) faults"))
        if !report.isSound { throw ExitCode(1) }
    }
}
