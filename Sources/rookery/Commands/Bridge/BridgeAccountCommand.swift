// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser

/// `rookery bridge account`
struct BridgeAccountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account",
        abstract: "Add, remove, change and list accounts that are mirrored, also in a running daemon.",
        subcommands: [
            Add.self, Remove.self, Change.self, List.self, Claim.self, Unclaim.self, Claims.self,
        ])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Mirror accounts from now on.")
        @OptionGroup var options: ConfigOptions
        @Argument(help: "Handles, with or without @.") var handles: [String]

        func run() async throws {
            try await BridgeAlone(options).perform(BridgeOrder(verb: .addAccounts, arguments: handles))
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Mirror accounts no more.")
        @OptionGroup var options: ConfigOptions
        @Flag(help: "Also take back everything that was mirrored, at every relay that has it (NIP-09).")
        var erase = false
        @Flag(help: "The same, and ask all relays that have any of it to forget the account (NIP-62).")
        var vanish = false
        @Option(
            help: ArgumentHelp("Ask only this relay to forget it, here or elsewhere.", valueName: "url"))
        var vanishFrom: [String] = []
        @Argument(help: "Handles, or numbers of accounts.") var accounts: [String]

        func run() async throws {
            let bridge = try BridgeAlone(options)
            for order in orders { try await bridge.perform(order) }
        }

        private var orders: [BridgeOrder] {
            if vanish || !vanishFrom.isEmpty {
                return accounts.map { BridgeOrder(verb: .vanishAccount, arguments: [$0] + vanishFrom) }
            }
            return [BridgeOrder(verb: erase ? .eraseAccounts : .removeAccounts, arguments: accounts)]
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List accounts, how far each was read, and rules of their own.")
        @OptionGroup var options: ConfigOptions
        @Flag(help: "JSON, an object a line.") var json = false

        func run() async throws {
            var order = BridgeOrder(verb: .listAccounts)
            order.options.json = json
            try await BridgeAlone(options).perform(order)
        }
    }
}
