// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetBridge
import TweetCore

// What was read, and what became of it.
extension BridgeDesk {
    func list(_ account: String?, _ options: BridgeOrder.Options) throws -> [String] {
        var query = options.posts ?? PostQuery()
        if let account {
            guard let id = try Handle(account).flatMap({ try store.user(of: $0) }) ?? UserID(account) else {
                throw CommandFailure("nobody of the name \(account.prefix(100)) was read")
            }
            query.author = id
        }
        let (posts, next) = try store.list(query)
        var lines = try posts.map { try line($0, options) }
        if let next, options.json != true { lines.append("more: --before \(next)") }
        return lines
    }

    /// One line of a list.
    ///
    /// - Parameter depth: in a tree.
    func line(
        _ listing: PostListing, _ options: BridgeOrder.Options, depth: Int? = nil
    ) throws -> String {
        let post = listing.row.snapshot.post
        let handle = try handle(of: listing.row.snapshot)
        if options.json == true { return Self.json(listing, handle, depth) }
        let text = Self.oneLine(post.plainText)
        let parts = [
            "\(listing.id)", handle.map { "@\($0)" } ?? "?", Self.moment(post),
            listing.standing.rawValue + (listing.reason.isEmpty ? "" : " (\(listing.reason))"), text,
        ]
        return String(repeating: "  ", count: min(depth ?? 0, 40)) + parts.joined(separator: "  ")
    }

    private static func json(_ listing: PostListing, _ handle: String?, _ depth: Int?) -> String {
        let post = listing.row.snapshot.post
        return line { output in
            output.member("id", "\(listing.id)")
            output.member("depth", depth)
            output.member("author_id", post.author?.description)
            output.member("handle", handle)
            output.member("created_at", at: post.createdAt)
            output.member("state", listing.standing.rawValue)
            output.member("reason", listing.reason.isEmpty ? nil : listing.reason)
            output.member("item", listing.item.map { Int($0) })
            output.member("event", listing.mirror?.event)
            output.member("text", post.plainText)
        }
    }

    /// As the author is called in the post, or was last.
    func handle(of snapshot: Snapshot) throws -> String? {
        if let handle = snapshot.author?.handle { return handle }
        return try snapshot.post.author.flatMap { try store.user($0)?.user.handle }
    }

    static func moment(_ post: Post) -> String {
        String(UTCMoment.text(post.createdAt ?? post.id.milliseconds).prefix(16))
    }

    static func oneLine(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 100 ? line.prefix(99) + "…" : line
    }
}
