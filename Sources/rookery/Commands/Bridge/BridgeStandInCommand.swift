// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import Glibc
import UnixSignals
import XStandIn

/// `rookery bridge stand-in`
struct BridgeStandInCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stand-in",
        abstract: "Stand in for X on this machine, to try the bridge without an account.",
        discussion: "Says how to use it, and ends at SIGINT or SIGTERM. Everything in it is forgotten then.")

    @Option(help: ArgumentHelp("Where to listen.", valueName: "host"))
    var host = "127.0.0.1"
    @Option(help: ArgumentHelp("The port to listen on; 0 for one that is free.", valueName: "number"))
    var port = 8480

    func run() async throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be 0 … 65535") }
        signal(SIGPIPE, SIG_IGN)
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await XServer.run(host: host, port: port) }
                group.addTask { for await _ in signals { return } }
                _ = try await group.next()
                group.cancelAll()
                try await group.waitForAll()
            }
        } catch is CancellationError {
        } catch { throw CommandFailure("cannot listen on \(host):\(port): \(error)") }
    }
}
