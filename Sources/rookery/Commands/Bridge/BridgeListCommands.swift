// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import TweetBridge
import TweetCore

/// `rookery bridge list`
struct BridgeListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List posts that were read, the newest first, and what became of each."
    )
    @OptionGroup var options: ConfigOptions
    @Option(help: ArgumentHelp("Of this account alone.", valueName: "handle")) var account: String?
    @Option(help: "mirrored, deleted, skipped, rejected, refused, gone, waiting or read.") var state: String?
    @Option(help: ArgumentHelp("Those made then or later.", valueName: "day")) var since: String?
    @Option(help: ArgumentHelp("Those older than this one.", valueName: "post")) var before: String?
    @Option(help: "How many.") var limit = 50
    @Flag(help: "JSON, an object a line.") var json = false

    func run() async throws {
        var query = PostQuery()
        guard (1...PostQuery.most).contains(limit) else {
            throw ValidationError("--limit takes 1 … \(PostQuery.most)")
        }
        query.limit = limit
        query.since = try since.map { try MomentArgument.parse($0, "--since") }
        if let state {
            guard let standing = PostStanding(rawValue: state) else {
                let states = PostStanding.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--state takes \(states), not \(ConfigKey.shown(state))")
            }
            query.standing = standing
        }
        if let before {
            guard let id = PostID(naming: before) else {
                throw ValidationError("--before takes a post, not \(ConfigKey.shown(before))")
            }
            query.before = id
        }
        var order = BridgeOrder(verb: .listPosts, arguments: [account].compactMap(\.self))
        order.options.json = json
        order.options.posts = query
        try await BridgeAlone(options).perform(order)
    }
}

/// `rookery bridge show-tweet`
struct BridgeShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show-tweet", abstract: "Show a post that was read, and its event.",
        discussion: """
            With the events of all its versions, and how far each is at further relays; of a post without an event, \
            what it would become. --json has the post as X sent it besides.
            """)
    @OptionGroup var options: ConfigOptions
    @Flag(help: "One JSON object.") var json = false
    @Argument(help: "The number or address of the post.") var post: String

    func run() async throws {
        var order = BridgeOrder(verb: .showPost, arguments: [post])
        order.options.json = json
        try await BridgeAlone(options).perform(order)
    }
}
