// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser

/// `rookery reload`
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Have the running daemon read its configuration again.",
        discussion: """
            Says what changed and what needs a restart, as SIGHUP has it logged. The daemon reads its own file, flags \
            and environment; what is given here only finds it. Exit code 1 when no daemon runs, 2 when its \
            configuration is wrong; then nothing has changed.
            """)

    @OptionGroup var options: ConfigOptions

    func run() throws {
        let directory = try options.settings().directory
        guard var client = try ControlClient.reach(directory) else {
            throw CommandFailure("\(directory.path): no daemon runs here")
        }
        try client.send(ControlRequest(command: .reload))
        let answer = try client.receive()
        if let error = answer.error {
            throw answer.isConfigurationWrong == true
                ? ConfigError(error) : CommandFailure(error) as any Error
        }
        for note in answer.notes ?? [] { Console.say(note) }
    }
}
