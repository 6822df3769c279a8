// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser

extension BridgeModeratorCommand {
    /// `rookery bridge moderator token`
    struct Token: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a new token that signs in to the page; the one before is good no more.")
        @OptionGroup var options: ConfigOptions
        @Flag(help: "Take the token away and give no other.") var revoke = false
        @Argument var name: String

        func run() async throws {
            try await BridgeAlone(options).perform(
                BridgeOrder(verb: .giveToken, arguments: [name] + (revoke ? ["revoke"] : [])))
        }
    }
}
