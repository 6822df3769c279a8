// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import SyncPlanner

/// `rookery status`
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Ask the running daemon how it is.",
        discussion: """
            One line for each upstream relay, and for each of a stream: its state, how much of what is wanted is here, the last error, and what \
            happens next. Exit code 1 when no daemon runs on the data directory.
            """)

    @Flag(help: "One JSON object instead of lines.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Tell why this upstream relay is followed and how far its history is here.", valueName: "url"))
    var explain: String?

    @OptionGroup var options: ConfigOptions

    func run() throws {
        let directory = try options.settings().directory
        guard var client = try ControlClient.reach(directory) else {
            throw CommandFailure("\(directory.path): no daemon runs here")
        }
        if let explain {
            let request = ControlRequest(command: .explain, relay: explain)
            guard let explanation = try client.ask(request).explanation else {
                throw CommandFailure("the daemon's answer has no explanation; is it of another version?")
            }
            return show(explanation, explanation.lines)
        }
        guard let status = try client.ask(ControlRequest(command: .status)).status else {
            throw CommandFailure("the daemon's answer has no status; is it of another version?")
        }
        show(status, status.lines)
    }

    private func show(_ answer: some Encodable, _ lines: [String]) {
        if json {
            _ = Console.write(ControlCoding.line(answer), to: 1)
        } else {
            // Some of it is what strangers wrote.
            for line in lines { Console.say(UpstreamWords.printable(line)) }
        }
    }
}
