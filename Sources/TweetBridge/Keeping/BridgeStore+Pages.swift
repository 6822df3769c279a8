// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
public import NostrCore
public import TweetCore

/// What reading a page says about the list that it is of.
public struct CursorChange: Hashable, Sendable {
    public var scope: FetchScope
    /// `since_id` becomes this, unless it is further already.
    public var advance: PostID?
    /// The lower ends of gaps that are no more.
    public var closed: [PostID] = []
    /// Gaps as they are now; one of the same scope and lower end is replaced.
    public var gaps: [GapRow] = []

    public init(_ scope: FetchScope, advance: PostID? = nil, closed: [PostID] = [], gaps: [GapRow] = []) {
        self.scope = scope
        self.advance = advance
        self.closed = closed
        self.gaps = gaps
    }
}

/// A post of a page that is to be mirrored.
public struct TodoRequest: Hashable, Sendable {
    public var post: PostID
    public var why: TodoRow.Reason
    /// **Milliseconds** since 1970.
    public var notBefore: Int64
    /// What the rules said, where there is moderation.
    public var screening: Screening?

    public init(
        _ post: PostID, why: TodoRow.Reason = .new, notBefore: Int64 = 0, screening: Screening? = nil
    ) {
        self.post = post
        self.why = why
        self.notBefore = notBefore
        self.screening = screening
    }
}

/// What becomes a `ModerationItem`.
public struct Screening: Hashable, Sendable {
    public var ruling: ModerationRuling
    public var preview: String
    /// What it will be.
    public var event: EventID?

    public init(_ ruling: ModerationRuling, preview: String, event: EventID? = nil) {
        self.ruling = ruling
        self.preview = preview
        self.event = event
    }

    public static func == (a: Screening, b: Screening) -> Bool {
        a.ruling == b.ruling && a.preview == b.preview && a.event == b.event
    }
}

/// What a page changed.
public struct StoredPage: Hashable, Sendable {
    /// Never seen before, referenced posts left out.
    public var new: [PostID] = []
    /// They say something else than before.
    public var changed: [PostID] = []
    /// To be mirrored now.
    public var queued: [PostID] = []
    /// Accounts whose profile is new or says something else.
    public var profiles: [UserID] = []
    /// Accounts that ask not to be mirrored, and were until now.
    public var declining: [UserID] = []
}

extension BridgeStore {
    /// Step one: keeps a page that was read, with all that follows from it, in one transaction.
    ///
    /// - Parameters:
    ///   - page: posts with their media and referenced posts, which are kept as well.
    ///   - users: accounts that the page described, besides the posts' authors.
    ///   - todo: those that are to be mirrored, with known authors. One that was mirrored, rejected or skipped before, or waits already, stays as it is.
    ///   - skipped: those that a filter leaves out, and why.
    public func store(
        _ page: [ReadPost], users: [User] = [], cursor: CursorChange? = nil, todo: [TodoRequest] = [],
        skipped: [PostID: String] = [:]
    ) async throws(BridgeStoreError) -> StoredPage {
        let stored = try await change { draft throws(BridgeStoreError) in
            var stored = StoredPage()
            for post in page { try draft.keep(post, limits, &stored) }
            for user in users { try draft.keep(user, limits, &stored) }
            for request in todo {
                guard let post = page.first(where: { $0.id == request.post }) else {
                    throw .missing("post \(request.post) on the page")
                }
                if try draft.queue(request, post.snapshot) { stored.queued.append(request.post) }
            }
            for (id, reason) in skipped where try draft.isUndecided(id) {
                try draft.write(.state(of: id), PostState(.skipped, reason: reason, at: draft.now))
            }
            if let cursor { try draft.move(cursor) }
            return stored
        }
        if !stored.queued.isEmpty { tell(.todo) }
        if !stored.declining.isEmpty { tell(.accounts) }
        if todo.contains(where: { $0.screening != nil }) { tell(.moderation) }
        if page.contains(where: { !$0.snapshot.media.isEmpty }) { tell(.media) }
        return stored
    }
}

extension Draft {
    /// A post, what it refers to, and its indexes.
    fileprivate mutating func keep(
        _ read: ReadPost, _ limits: BridgeStoreLimits, _ stored: inout StoredPage
    ) throws(BridgeStoreError) {
        let isNew = try self.read(.post(read.id)).map(\.isReference) ?? true
        let changed = try keep(read.snapshot, isReference: false)
        if isNew { stored.new.append(read.id) } else if changed { stored.changed.append(read.id) }
        if !read.raw.isEmpty, read.raw.count <= limits.rawBytes, isNew || changed {
            let raw = RowCodec.encode(bytes: read.raw, compressing: true)
            try put(BridgeTables.posts, RowKey("r").with(read.id), raw)
        }
        try keepAbout(read.snapshot, limits, &stored, depth: 0)
        try noteMedia(of: read.snapshot)
    }

    private mutating func keepAbout(
        _ snapshot: Snapshot, _ limits: BridgeStoreLimits, _ stored: inout StoredPage, depth: Int
    ) throws(BridgeStoreError) {
        if let author = snapshot.author { try keep(author, limits, &stored) }
        for medium in snapshot.media { try keep(medium, of: snapshot.post.id) }
        guard depth < 4 else { return }
        for other in snapshot.referenced {
            _ = try keep(other, isReference: true)
            try keepAbout(other, limits, &stored, depth: depth + 1)
        }
    }

    /// - Returns: whether it says something else than before.
    private mutating func keep(_ snapshot: Snapshot, isReference: Bool) throws(BridgeStoreError) -> Bool {
        let id = snapshot.post.id
        let before = try read(.post(id))
        let merged = before.map { snapshot.completed(by: $0.snapshot) } ?? snapshot
        let hash = try merged.contentHash()
        let isChanged = before.map { $0.hash != hash } ?? true
        let first = merged.post.versions.first ?? id
        try write(
            .post(id),
            PostRow(
                snapshot: merged, first: first, isReference: isReference && (before?.isReference ?? true),
                hash: hash, firstSeen: before?.firstSeen ?? now, lastSeen: max(now, before?.lastSeen ?? 0),
                changedAt: isChanged ? now : before?.changedAt ?? now))
        if before == nil || isChanged { try index(merged.post, first: first) }
        if before == nil || !isReference, try read(.gone(id)) != nil { try remove(.gone(id)) }
        return isChanged
    }

    private mutating func index(_ post: Post, first: PostID) throws(BridgeStoreError) {
        if let author = post.author {
            // Inverted, so that the newest comes first.
            try mark(BridgeTables.links, RowKey("a").with(author).with(~post.id.number))
        }
        if let conversation = post.conversation {
            try mark(BridgeTables.links, RowKey("c").with(conversation).with(post.id))
        }
        for reference in post.references {
            let key = RowKey("f").with(reference.id).with(byte: reference.kind.code).with(post.id)
            try mark(BridgeTables.links, key)
        }
        for version in post.versions where post.versions.count > 1 {
            try mark(BridgeTables.links, RowKey("v").with(first).with(version))
        }
    }

    /// Whether nothing has become of a post yet.
    fileprivate mutating func isUndecided(_ id: PostID) throws(BridgeStoreError) -> Bool {
        if let state = try read(.state(of: id)), state.fate != .gone { return false }
        return try read(.mirror(id)) == nil
    }

    /// - Returns: whether it is to be mirrored, and was not before.
    fileprivate mutating func queue(_ request: TodoRequest, _ snapshot: Snapshot) throws(BridgeStoreError)
        -> Bool
    {
        guard let author = snapshot.post.author else { throw .missing("author of post \(request.post)") }
        guard try isUndecided(request.post), try read(.todo(author, request.post)) == nil else {
            return false
        }
        let notBefore = max(request.notBefore, try outboundDoubt(about: author))
        var row = TodoRow(
            author: author, post: request.post, why: request.why, notBefore: notBefore, addedAt: now)
        if let screening = request.screening {
            let item = try open(.post(request.post), account: author, screening)
            row.moderation = item.number
            switch item.state {
            case .approved: break
            case .pending, .held: row.why = .moderation
            case .rejected, .executed, .failed:
                let reason = screening.ruling.hits.joined(separator: ", ")
                try write(.state(of: request.post), PostState(.rejected, reason: reason, at: now))
                return false
            }
        }
        if try read(.state(of: request.post)) != nil { try remove(.state(of: request.post)) }
        try write(.todo(author, request.post), row)
        return true
    }

    fileprivate mutating func move(_ change: CursorChange) throws(BridgeStoreError) {
        if let advance = change.advance {
            let before = try read(.cursor(change.scope))
            let since = max(advance, before?.since ?? PostID(0))
            try write(.cursor(change.scope), CursorRow(since: since, updatedAt: now))
        }
        for low in change.closed { try remove(.gap(change.scope, low: low)) }
        for gap in change.gaps {
            guard gap.scope == change.scope.text else { throw .refused("a gap of another list") }
            try write(.gap(change.scope, low: gap.low), gap)
        }
    }
}

extension Snapshot {
    /// What was known before and is not said now is kept: answers differ in what they were asked for.
    func completed(by earlier: Snapshot) -> Snapshot {
        var whole = self
        if whole.author == nil { whole.author = earlier.author }
        if whole.media.count < whole.post.mediaKeys.count {
            let keys = Set(whole.media.map(\.key))
            whole.media += earlier.media.filter {
                !keys.contains($0.key) && whole.post.mediaKeys.contains($0.key)
            }
            let places = Dictionary(whole.post.mediaKeys.enumerated().map { ($1, $0) }) { first, _ in first }
            whole.media.sort { places[$0.key, default: .max] < places[$1.key, default: .max] }
        }
        if whole.polls.isEmpty { whole.polls = earlier.polls.filter { whole.post.polls.contains($0.id) } }
        let known = Set(whole.referenced.map(\.post.id))
        let wanted = Set(whole.post.references.map(\.id))
        whole.referenced += earlier.referenced.filter {
            !known.contains($0.post.id) && wanted.contains($0.post.id)
        }
        if whole.post.versions.isEmpty { whole.post.versions = earlier.post.versions }
        if whole.post.metrics == nil { whole.post.metrics = earlier.post.metrics }
        if whole.post.longText == nil { whole.post.longText = earlier.post.longText }
        if whole.post.author == nil { whole.post.author = earlier.post.author }
        if whole.post.conversation == nil { whole.post.conversation = earlier.post.conversation }
        if whole.post.createdAt == nil { whole.post.createdAt = earlier.post.createdAt }
        return whole
    }

    /// Of what the post itself says: neither counts nor what others say.
    func contentHash() throws(BridgeStoreError) -> String {
        var bare = post
        bare.metrics = nil
        bare.editing = nil
        bare.versions = []
        return Hex.string(SHA256.digest(try RowCodec.json(bare) + RowCodec.json(media)).bytes)
    }
}

extension Post.Reference.Kind {
    /// In keys.
    var code: UInt8 {
        switch self {
        case .retweeted: 1
        case .quoted: 2
        case .repliedTo: 3
        }
    }
}
