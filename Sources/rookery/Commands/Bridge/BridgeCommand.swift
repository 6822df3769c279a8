// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import SyncPlanner

/// `rookery bridge`
struct BridgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bridge", abstract: "Mirror accounts of X into the relay.",
        discussion: """
            `[bridge]` in the configuration switches the bridge on inside `rookery serve`; `rookery bridge run` runs it \
            alone. `rookery bridge stand-in` is an X to try it with, on this machine and without an account.
            """,
        subcommands: [
            BridgeRunCommand.self, BridgeOnceCommand.self, BridgeBootstrapCommand.self,
            BridgeAccountCommand.self,
            BridgeFetchProfileCommand.self, BridgeFetchTweetCommand.self, BridgeUserTweetsCommand.self,
            BridgeListCommand.self, BridgeShowCommand.self, BridgeThreadCommand.self,
            BridgePostCommand.self, BridgePostProfileCommand.self, BridgeRelayListCommand.self,
            BridgeRetryCommand.self, BridgeQueryCommand.self,
            BridgeQueueCommand.self, BridgeModerateCommand.self, BridgeModeratorCommand.self,
            BridgeLoginCommand.self, BridgeImportCommand.self, BridgeExportCommand.self,
            BridgeStandInCommand.self,
        ])
}

/// Hands an order to the daemon that has the store.
struct BridgeErrand {
    let settings: Settings

    /// - Returns: whether a daemon was there to take it.
    func send(_ order: BridgeOrder) throws -> Bool {
        guard var client = try ControlClient.reach(settings.directory) else { return false }
        try client.send(ControlRequest(command: .bridge, bridge: order))
        let answer = try client.receive()
        Self.tell(answer.notes ?? [], of: order)
        // Also when some of it was done.
        if let error = answer.error { throw CommandFailure(UpstreamWords.printable(error)) }
        return true
    }

    /// Some of it is what strangers wrote: a terminal is shown it, and obeys none of it.
    static func tell(_ lines: [String], of order: BridgeOrder) {
        for line in lines {
            if order.options.json == true {
                Console.print(ControlCoding.escaped(Array(line.utf8)) + [UInt8(ascii: "\n")])
            } else {
                Console.say(UpstreamWords.printable(line))
            }
        }
    }
}
