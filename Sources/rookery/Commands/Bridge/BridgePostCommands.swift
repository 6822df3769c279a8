// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser

/// `rookery bridge post`
struct BridgePostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "post", abstract: "Mirror posts now, whosever they are and though rules leave them out.",
        discussion: """
            One that was not read is read first. Each version of a post has one event, ever: one that has it is told, \
            and one that was taken back stays so. What waits for a moderator goes on waiting.
            """)
    @OptionGroup var options: ConfigOptions
    @Flag(
        name: .shortAndLong,
        help: "Also what was rejected, what our own relay refused, and what was not to be had.")
    var force = false
    @Argument(help: "Numbers or addresses of posts.") var posts: [String]

    func run() async throws {
        var order = BridgeOrder(verb: .mirrorPosts, arguments: posts)
        order.options.force = force
        try await BridgeAlone(options).perform(order)
    }
}

/// `rookery bridge post-profile`
struct BridgePostProfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "post-profile", abstract: "Read accounts' profiles and publish them, with their relays.")
    @OptionGroup var options: ConfigOptions
    @Flag(name: .shortAndLong, help: "Also when they say nothing new.") var force = false
    @Argument(help: "Handles, with or without @.") var handles: [String]

    func run() async throws {
        var order = BridgeOrder(verb: .publishProfiles, arguments: handles)
        order.options.force = force
        try await BridgeAlone(options).perform(order)
    }
}

/// `rookery bridge update-relay-list`
struct BridgeRelayListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update-relay-list",
        abstract: "Publish where mirrors are found: their relays (kind 10002) and media servers (10063).")
    @OptionGroup var options: ConfigOptions
    @Flag(name: .shortAndLong, help: "Also when they say nothing new.") var force = false
    @Argument(help: "Handles, or numbers of accounts; all accounts unless any is given.")
    var accounts: [String] = []

    func run() async throws {
        var order = BridgeOrder(verb: .publishLists, arguments: accounts)
        order.options.force = force
        try await BridgeAlone(options).perform(order)
    }
}

/// `rookery bridge retry-failed`
struct BridgeRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry-failed", abstract: "Fetch media again that were given up, and do jobs again.",
        discussion: """
            Jobs of the queue that were given up are listed, and done again when they are named: where nobody \
            knows whether X did one of them, look there first.
            """)
    @OptionGroup var options: ConfigOptions
    @Argument(help: "Numbers of jobs to be done again; without any, media are fetched.") var jobs: [String] =
        []

    func run() async throws {
        try await BridgeAlone(options).perform(BridgeOrder(verb: .retryFailed, arguments: jobs))
    }
}
