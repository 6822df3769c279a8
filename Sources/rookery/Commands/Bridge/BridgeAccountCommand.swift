// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser

/// `rookery bridge account`
struct BridgeAccountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account",
        abstract: "Add, remove and list accounts that are mirrored, also in a running daemon.",
        subcommands: [Add.self, Remove.self, List.self])

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
        @Argument(help: "Handles, or numbers of accounts.") var accounts: [String]

        func run() async throws {
            let verb: BridgeOrder.Verb = erase ? .eraseAccounts : .removeAccounts
            try await BridgeAlone(options).perform(BridgeOrder(verb: verb, arguments: accounts))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List accounts and how far each was read.")
        @OptionGroup var options: ConfigOptions

        func run() async throws { try await BridgeAlone(options).perform(BridgeOrder(verb: .listAccounts)) }
    }
}

/// `rookery bridge retry-failed`
struct BridgeRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry-failed", abstract: "Fetch media again that were given up.")
    @OptionGroup var options: ConfigOptions

    func run() async throws { try await BridgeAlone(options).perform(BridgeOrder(verb: .retryFailed)) }
}

/// `rookery bridge show-tweet`
struct BridgeShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show-tweet", abstract: "Show a post that was read, and its event.")
    @OptionGroup var options: ConfigOptions
    @Argument(help: "The number of the post.") var post: String

    func run() async throws {
        try await BridgeAlone(options).perform(BridgeOrder(verb: .showPost, arguments: [post]))
    }
}
