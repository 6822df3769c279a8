// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser

/// `rookery bridge bootstrap`
struct BridgeBootstrapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootstrap", abstract: "Find the accounts of bridge.accounts, and read nothing else.",
        discussion: "Numbers of accounts stay when handles change. One that is known is not asked for.")
    @OptionGroup var options: ConfigOptions

    func run() async throws { try await BridgeAlone(options).perform(BridgeOrder(verb: .bootstrap)) }
}

/// `rookery bridge fetch-profile`
struct BridgeFetchProfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch-profile", abstract: "Read what accounts say of themselves, and keep it.",
        discussion: "X takes money for each, once a day. Nothing is published: see post-profile.")
    @OptionGroup var options: ConfigOptions
    @Flag(help: "JSON, an object a line.") var json = false
    @Argument(help: "Handles, with or without @.") var handles: [String]

    func run() async throws {
        var order = BridgeOrder(verb: .fetchProfiles, arguments: handles)
        order.options.json = json
        try await BridgeAlone(options).perform(order)
    }
}

/// `rookery bridge fetch-tweet`
struct BridgeFetchTweetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch-tweet", abstract: "Read posts and what they refer to, and keep them.",
        discussion: """
            X takes money for each, once a day. Nothing is mirrored: see post. What was not to be had before is not \
            asked for again without --again.
            """)
    @OptionGroup var options: ConfigOptions
    @Flag(help: "JSON, an object a line.") var json = false
    @Flag(help: "Also what was not to be had before.") var again = false
    @Argument(help: "Numbers or addresses of posts.") var posts: [String]

    func run() async throws {
        var order = BridgeOrder(verb: .fetchPosts, arguments: posts)
        order.options.json = json
        order.options.force = again
        try await BridgeAlone(options).perform(order)
    }
}

/// `rookery bridge user-tweets`
struct BridgeUserTweetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user-tweets", abstract: "Read the newest posts of anybody, and keep them.",
        discussion: """
            X takes money for each, once a day. Nothing is mirrored, and where the bridge reads on does not change.
            """)
    @OptionGroup var options: ConfigOptions
    @Flag(help: "JSON, an object a line.") var json = false
    @Option(help: "How many; X gives five at least.") var count = 10
    @Option(help: "Those of so many days.") var days: Int?
    @Argument(help: "A handle, with or without @.") var handle: String

    func validate() throws {
        guard (1...3_200).contains(count) else { throw ValidationError("--count takes 1 … 3200") }
        guard days.map({ (1...36_500).contains($0) }) ?? true else {
            throw ValidationError("--days takes 1 … 36500")
        }
    }

    func run() async throws {
        var order = BridgeOrder(verb: .fetchTimeline, arguments: [handle])
        order.options.json = json
        order.options.count = count
        order.options.days = days
        try await BridgeAlone(options).perform(order)
    }
}

/// `rookery bridge thread`
struct BridgeThreadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thread", abstract: "Show the conversation of a post as a tree.",
        discussion: """
            From what was read; --fetch reads what X finds of it first: the last week, and the posts that are answered \
            there. X takes money for each, once a day.
            """)
    @OptionGroup var options: ConfigOptions
    @Flag(help: "Read the conversation first.") var fetch = false
    @Flag(help: "JSON, an object a line.") var json = false
    @Argument(help: "The number or address of any of its posts.") var post: String

    func run() async throws {
        var order = BridgeOrder(verb: .showThread, arguments: [post])
        order.options.json = json
        order.options.fetch = fetch
        try await BridgeAlone(options).perform(order)
    }
}
