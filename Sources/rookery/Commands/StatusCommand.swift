// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser

/// `rookery status`
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Ask the running daemon how it is.",
        discussion: "Exit code 1 when no daemon runs on the data directory.")

    @Flag(help: "One JSON object instead of lines.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() throws {
        let directory = try options.settings().directory
        guard var client = try ControlClient.reach(directory) else {
            throw CommandFailure("\(directory.path): no daemon runs here")
        }
        guard let status = try client.ask(ControlRequest(command: .status)).status else {
            throw CommandFailure("the daemon's answer has no status; is it of another version?")
        }
        if json {
            _ = Console.write(ControlCoding.line(status), to: 1)
        } else {
            for line in status.lines { Console.say(line) }
        }
    }
}
