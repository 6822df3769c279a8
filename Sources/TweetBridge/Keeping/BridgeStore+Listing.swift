// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
public import TweetCore

/// Where a post stands, in one word.
public enum PostStanding: String, Hashable, Sendable, CaseIterable, Codable {
    case mirrored, deleted, skipped, rejected, refused, gone
    /// To be mirrored.
    case waiting
    /// Kept, and nobody wants it mirrored.
    case read
}

/// A post as it is listed.
public struct PostListing: Hashable, Sendable {
    public var row: PostRow
    public var standing: PostStanding
    /// Why, where there is something to say.
    public var reason: String
    public var mirror: MirrorRow?
    /// What decides about it.
    public var item: UInt64?

    public var id: PostID { row.snapshot.post.id }
}

/// Which posts are listed, the newest first.
public struct PostQuery: Hashable, Sendable, Codable {
    public var author: UserID?
    public var standing: PostStanding?
    /// Those made then or later. **Milliseconds** since 1970.
    public var since: Int64?
    /// Those older than this one.
    public var before: PostID?
    public var limit = 50

    /// Posts on one list.
    public static let most = 1_000
    /// Posts that are looked at for one list.
    public static let mostScanned = 20_000

    public init() {}
}

extension BridgeStore {
    /// - Returns: with the post behind which it goes on; `nil`: that was all.
    public func list(_ query: PostQuery) throws(BridgeStoreError) -> (posts: [PostListing], next: PostID?) {
        let floor = query.since.map { PostID.first(at: $0) }
        let most = min(max(1, query.limit), PostQuery.most)
        var found: [PostListing] = []
        var (last, scanned) = (query.before, 0)
        while scanned < PostQuery.mostScanned {
            let page: [PostID]
            if let author = query.author {
                page = try posts(by: author, before: last, limit: 200)
            } else {
                page = try newest(before: last, limit: 200)
            }
            if page.isEmpty { return (found, nil) }
            for id in page {
                if let floor, id < floor { return (found, nil) }
                if found.count == most { return (found, last) }
                last = id
                scanned += 1
                guard let row = try post(id) else { continue }
                let listing = try listing(of: row)
                if query.standing.map({ $0 == listing.standing }) ?? true { found.append(listing) }
            }
        }
        return (found, last)
    }

    /// A post with what became of it.
    public func listing(of row: PostRow) throws(BridgeStoreError) -> PostListing {
        let post = row.snapshot.post
        var listing = PostListing(row: row, standing: .read, reason: "", mirror: try mirror(post.id))
        if let author = post.author,
            let todo = try todo(of: author, after: post.id.before, limit: 1).first, todo.post == post.id
        {
            listing.standing = .waiting
            listing.reason = todo.why.text
            listing.item = todo.moderation
        } else if let state = try state(of: post.id) {
            listing.standing = PostStanding(state.fate)
            listing.reason = state.reason
        }
        return listing
    }

    /// The numbers of all posts, the newest first, those below `before`.
    ///
    /// The store reads forward, so that spans of numbers are read from the top: wider ones where there is nothing, narrower
    /// ones where there is too much.
    func newest(before: PostID? = nil, limit: Int) throws(BridgeStoreError) -> [PostID] {
        let most = limits.page - 1
        var high = before?.number ?? UInt64(1) << 63
        // Seventeen minutes of posts, but for the first look.
        var width = before == nil ? high : UInt64(1) << 42
        var found: [PostID] = []
        while found.count < limit, high > 0 {
            let low = high > width ? high - width : 0
            let span = try numbers(low..<high)
            if span.count > most, width > 1 {
                width = max(1, width / 8)
                continue
            }
            found += span.reversed()
            high = low
            if span.isEmpty { width = width > UInt64.max / 8 ? .max : width * 8 }
        }
        return Array(found.prefix(limit))
    }

    private func numbers(_ span: Range<UInt64>) throws(BridgeStoreError) -> [PostID] {
        let start = span.lowerBound == 0 ? nil : RowPlace.post(PostID(span.lowerBound - 1)).key.bytes
        var found: [PostID] = []
        for row in try rows(BridgeTables.posts, RowKey("p"), after: start, limit: limits.page) {
            var reader = KeyReader(row.key)
            guard let number = reader.number(), number < span.upperBound else { break }
            found.append(PostID(number))
        }
        return found
    }
}

extension PostStanding {
    init(_ fate: PostState.Fate) {
        switch fate {
        case .mirrored: self = .mirrored
        case .deleted: self = .deleted
        case .skipped: self = .skipped
        case .rejected: self = .rejected
        case .refused: self = .refused
        case .gone: self = .gone
        }
    }
}

extension TodoRow.Reason {
    /// For people.
    var text: String {
        switch self {
        case .new: "for its turn"
        case .editable: "until it can be edited no more"
        case .references: "for posts that it refers to"
        case .media: "for its media"
        case .moderation: "for a decision"
        case .failed: "after a failure"
        case .rehearsed: "until it is no dry run any more"
        }
    }
}
