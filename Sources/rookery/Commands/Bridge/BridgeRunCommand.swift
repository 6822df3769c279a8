// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import Glibc

/// `rookery bridge run`
struct BridgeRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run the bridge alone, without a relay in front of the store.",
        discussion: """
            Takes the data directory for itself; while another process has it, it waits. Ends with exit code 0 at \
            SIGINT or SIGTERM.
            """)

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        try await BridgeAlone(options).run()
    }
}

/// `rookery bridge once`
struct BridgeOnceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "once", abstract: "Read every account once, mirror what is new, and end.",
        discussion: "Where a daemon runs with a bridge, it is told to do so.")

    @OptionGroup var options: ConfigOptions

    func run() async throws { try await BridgeAlone(options).once() }
}
