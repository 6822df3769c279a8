// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import EventStore
import Glibc
import NostrCore

/// `rookery tail`
struct TailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Follow what is stored and removed, one JSON object a line.",
        discussion: """
            {"commit":7,"event":{…}} for an event, {"commit":7,"removed":{"id":…,"reason":…}} for one that is gone: \
            replaced, deleted, expired, vanished or operator. Ephemeral events are never stored and do not show.

            Reads the store's own feed beside whoever writes it, which costs a running daemon nothing. The feed goes \
            back a while; --from a commit that it no longer has is an error, and one who falls behind that far is \
            told {"gap":{"after":…,"latest":…}} and goes on from there. What was removed since it was stored does \
            not show as an event any more. Ends at SIGINT.
            """)

    @Option(
        help: ArgumentHelp(
            "Only what matches this filter; repeatable. Of removals, ids, authors and kinds are compared.",
            valueName: "json"))
    var filter: [String] = []

    @Option(
        help: ArgumentHelp(
            "Begin after this commit; 0 for as far back as the feed goes. Otherwise with the next.",
            valueName: "commit"))
    var from: UInt64?

    @Flag(help: "End where the feed ends instead of waiting for more.")
    var once = false

    @OptionGroup var options: ConfigOptions

    /// **Microseconds** between two looks at the feed.
    private static let pause: UInt32 = 100_000

    func run() throws {
        let settings = try options.settings()
        let filters = try FilterArgument.parse(filter)
        let store = try OwnStore.readOnly(settings)
        do throws(StoreError) {
            var follower = FeedFollower(filters: filters, after: try start(store))
            var output = ExportOutput()
            while true {
                let isBehind = try follower.readPage(of: store) { output.append($0.span) }
                output.flush()
                guard output.isOpen, isBehind || !once else { return }
                if !isBehind { usleep(Self.pause) }
            }
        } catch {
            throw CommandFailure("\(settings.directory.path): \(error)")
        }
    }

    private func start(_ store: EventStore) throws(StoreError) -> CommitSequence {
        guard let from else { return store.latest }
        let feed = try store.sizes().feed
        let first = feed.oldest.map { $0 - 1 } ?? feed.latest
        if from == 0 { return CommitSequence(rawValue: first) }
        guard from <= feed.latest else {
            throw .misuse("--from \(from): the last commit is \(feed.latest)")
        }
        guard from >= first else {
            throw .misuse("--from \(from): the feed goes back to \(first) only; use 0, or export")
        }
        return CommitSequence(rawValue: from)
    }
}
