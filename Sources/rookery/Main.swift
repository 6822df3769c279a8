// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import Glibc

/// The command line. Exit codes: 0 done, 1 something failed, 2 the command line or the configuration is wrong.
struct Rookery: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rookery",
        abstract: "A Nostr relay that gathers git repositories.",
        discussion: """
            Start with `rookery serve`: it needs no configuration, keeps its data in ./rookery-data and listens on \
            ws://127.0.0.1:7777.

            Every command takes its configuration from flags, then from the environment (ROOKERY_RELAY_LISTEN for \
            relay.listen), then from the TOML file given with --config, then from defaults; `rookery config check` \
            shows what comes of it.
            """,
        version: "rookery \(Version.text)",
        subcommands: [
            ServeCommand.self, StatusCommand.self, HealthCommand.self, TopCommand.self, ReloadCommand.self,
            ImportCommand.self,
            ExportCommand.self, SyncCommand.self, ScanCommand.self, StatsCommand.self, TailCommand.self,
            DeleteCommand.self, CompactCommand.self, BackupCommand.self, RestoreCommand.self,
            CheckCommand.self, NegentropyCommand.self,
            BridgeCommand.self, ConfigCommand.self,
        ])
}

@main
enum Main {
    static func main() async {
        StandardStreams.ensure()
        SpareMemory.prepare()
        do {
            var command = try Rookery.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            leave(error)
        }
    }

    /// Says what was wrong in one line, or prints the help that was asked for, and ends the process.
    private static func leave(_ error: any Error) -> Never {
        switch error {
        case let error as ConfigError: leave("rookery: \(error)", code: 2)
        case let error as CommandFailure: leave("rookery: \(error)", code: 1)
        case let code as ExitCode: exit(code.rawValue)
        default: break
        }
        let code = Rookery.exitCode(for: error)
        if code.isSuccess { Rookery.exit(withError: error) }
        leave(Rookery.fullMessage(for: error), code: code == .validationFailure ? 2 : 1)
    }

    private static func leave(_ message: String, code: Int32) -> Never {
        Console.complain(message)
        exit(code)
    }
}

/// Why a command ends with exit code 1, in one line.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
