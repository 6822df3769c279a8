// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A document of the account tracker's collections.
public enum TrackerDocument: Sendable {
    case post(ReadPost)
    case user(User)
    case media(Media)
    case state(key: String, value: String)
    case account(handle: String, id: UserID, isActive: Bool)

    public enum Collection: String, Hashable, Sendable, CaseIterable {
        // In the order in which they are read best: posts are joined with what is known.
        case users = "X_users"
        case accounts = "X_tracked_handles"
        case media = "X_media"
        case posts = "X_tweets"
        case state = "X_state"

        /// By the name of a dump: `X_tweets.json`, `tracker.X_tweets.jsonl`.
        public init?(file name: String) {
            let words = name.lowercased().split(separator: ".").map(String.init)
            guard let last = words.last, ["json", "jsonl", "ndjson"].contains(last),
                let found = Self.allCases.first(where: { words.dropLast().contains($0.rawValue.lowercased()) }
                )
            else { return nil }
            self = found
        }
    }

    /// - Throws: ``ReadingError``.
    public init(
        reading bytes: [UInt8], of collection: Collection, limits: ReadingLimits = ReadingLimits()
    ) throws(ReadingError) {
        let plain = ExtendedJSON.plain(try JSONTree(bytes, limits: limits).root)
        let json = try JSONTree(plain, limits: limits).root
        switch collection {
        case .posts: self = .post(try Self.post(json, limits))
        case .users: self = .user(try Self.user(json, limits))
        case .media: self = .media(try Self.media(json, limits))
        case .state:
            let key = try json.required("key")
            guard let value = json["value"]?.spelt ?? json["value"]?.flag.map({ "\($0)" }) else {
                throw json.missing("value")
            }
            self = .state(key: key, value: value)
        case .accounts:
            guard let id = try json.userID("user_id") else { throw json.missing("user_id") }
            self = .account(
                handle: try json.required("username"), id: id, isActive: json.flag("active") ?? true)
        }
    }

    private static func post(_ json: JSONValue, _ limits: ReadingLimits) throws(ReadingError) -> ReadPost {
        let raw = raw(of: json, limits)
        // Some documents leave the text of the post to what X sent.
        var post = try Post(json["text"] == nil ? raw ?? json : json)
        if let metrics = json["public_metrics"], metrics["like_count"] == nil, metrics["like"] != nil {
            post.metrics = Post.Metrics(short: metrics)
        }
        guard let raw else { return ReadPost(Snapshot(post), raw: []) }
        do {
            var sent = try Post(raw)
            guard sent.id == post.id else { return ReadPost(Snapshot(post), raw: []) }
            sent.author = sent.author ?? post.author
            sent.createdAt = sent.createdAt ?? post.createdAt
            sent.conversation = sent.conversation ?? post.conversation
            sent.inReplyTo = sent.inReplyTo ?? post.inReplyTo
            if sent.references.isEmpty { sent.references = post.references }
            if sent.mediaKeys.isEmpty { sent.mediaKeys = post.mediaKeys }
            sent.metrics = post.metrics ?? sent.metrics
            return ReadPost(Snapshot(sent), raw: raw.raw)
        } catch {
            // The document's own fields say enough.
            return ReadPost(Snapshot(post), raw: [])
        }
    }

    private static func user(_ json: JSONValue, _ limits: ReadingLimits) throws(ReadingError) -> User {
        var user = try User(json)
        if let raw = raw(of: json, limits) {
            do {
                let sent = try User(raw)
                if sent.id == user.id { user = sent }
            } catch {
                // The document's own fields say enough.
            }
        }
        if let bio = json["bio_snapshot"] {
            user.about = user.about ?? bio.text("description")
            user.url = user.url ?? bio.text("url")
            user.location = user.location ?? bio.text("location")
        }
        if let metrics = json["public_metrics"], metrics["followers_count"] == nil,
            metrics["followers"] != nil
        {
            var counts = User.Metrics()
            counts.followers = metrics.integer("followers") ?? 0
            counts.following = metrics.integer("following") ?? 0
            counts.posts = metrics.integer("tweet") ?? 0
            user.metrics = counts
        }
        return user
    }

    private static func media(_ json: JSONValue, _ limits: ReadingLimits) throws(ReadingError) -> Media {
        if let media = raw(of: json, limits).flatMap({ Media($0) }), media.file != nil { return media }
        guard let media = Media(json) else { throw json.missing("media_key") }
        return media
    }

    /// What X sent: an object, or its text.
    private static func raw(of json: JSONValue, _ limits: ReadingLimits) -> JSONValue? {
        guard let raw = json["raw"] else { return nil }
        if raw.isObject { return raw["data"].flatMap { $0.isObject ? $0 : nil } ?? raw }
        guard let text = raw.text else { return nil }
        do { return try JSONTree(Array(text.utf8), limits: limits).root } catch { return nil }
    }
}

extension Post.Metrics {
    /// Without `_count`, as the tracker names them.
    fileprivate init(short json: JSONValue) {
        self.init()
        reposts = json.integer("retweet") ?? 0
        replies = json.integer("reply") ?? 0
        likes = json.integer("like") ?? 0
        quotes = json.integer("quote") ?? 0
    }
}
