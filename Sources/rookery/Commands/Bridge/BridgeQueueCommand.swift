// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser

/// `rookery bridge queue`
struct BridgeQueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "List posts that wait for a decision (bridge.moderation = \"queue\")."
    )
    @OptionGroup var options: ConfigOptions
    @Option(help: "Only these: pending, held, approved, rejected, executed or failed.") var state: String?
    @Option(help: ArgumentHelp("Those behind this item.", valueName: "item")) var after: UInt64?
    @Option(help: "How many.") var limit = 100
    @Flag(help: "JSON, an object a line.") var json = false

    func run() async throws {
        guard (1...BridgeDesk.mostItems).contains(limit) else {
            throw ValidationError("--limit takes 1 … \(BridgeDesk.mostItems)")
        }
        var order = BridgeOrder(verb: .listItems, arguments: [state].compactMap(\.self))
        order.options.json = json
        order.options.page = BridgeOrder.Page(after: after, limit: limit)
        try await BridgeAlone(options).perform(order)
    }
}

/// `rookery bridge moderate`
struct BridgeModerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "moderate", abstract: "Approve, reject or hold what waits for a decision.")
    @OptionGroup var options: ConfigOptions
    @Option(name: .customLong("as"), help: "The moderator who decides.") var name: String
    @Option(help: "Why, for the audit trail.") var reason = ""
    @Argument(help: "approve, reject or hold.") var verdict: String
    @Argument(help: "Numbers of items.") var items: [String]

    func run() async throws {
        try await BridgeAlone(options).perform(
            BridgeOrder(verb: .decide, arguments: [verdict, name, reason] + items))
    }
}

/// `rookery bridge moderator`
struct BridgeModeratorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "moderator", abstract: "Appoint, dismiss and list moderators.",
        subcommands: [Add.self, Remove.self, List.self, Token.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Appoint a moderator, or change one.")
        @OptionGroup var options: ConfigOptions
        @Option(help: "viewer, moderator or admin.") var role = "moderator"
        @Option(help: "Their key, npub… or hexadecimal: signs in to the page, and decides over Nostr.")
        var key = ""
        @Flag(help: "Print a token that signs in to the page.") var token = false
        @Argument var name: String

        func run() async throws {
            let bridge = try BridgeAlone(options)
            try await bridge.perform(BridgeOrder(verb: .appoint, arguments: [name, role, key]))
            if token { try await bridge.perform(BridgeOrder(verb: .giveToken, arguments: [name])) }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Dismiss moderators.")
        @OptionGroup var options: ConfigOptions
        @Argument var names: [String]

        func run() async throws {
            try await BridgeAlone(options).perform(BridgeOrder(verb: .dismiss, arguments: names))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List moderators.")
        @OptionGroup var options: ConfigOptions

        func run() async throws { try await BridgeAlone(options).perform(BridgeOrder(verb: .listModerators)) }
    }
}
