// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What posts refer to, as far as it was asked for: each thing once, in the order in which it is met.
struct Inclusion {
    private let world: XWorld
    private let selection: Selection
    private let viewer: XCredential
    private(set) var users: [XUser] = []
    private(set) var posts: [XPost] = []
    private(set) var errors: [JSON] = []
    private var media: [XMedia] = []
    private var polls: [XPoll] = []
    private var seenUsers: Set<XUserID> = []
    private var seenPosts: Set<XPostID> = []
    private var seenMedia: Set<String> = []

    init(_ world: XWorld, _ selection: Selection, _ viewer: XCredential) {
        self.world = world
        self.selection = selection
        self.viewer = viewer
    }

    mutating func add(_ post: XPost) {
        if selection.wants("author_id") { add(user: post.author) }
        if selection.wants("in_reply_to_user_id"), let user = post.inReplyToUser {
            add(user: user, missing: "in_reply_to_user_id")
        }
        if selection.wants("entities.mentions.username") || selection.wants("entities.note.mentions.username")
        {
            for user in post.mentioned.sorted(by: { $0.key < $1.key }).map(\.value) { add(user: user) }
        }
        if selection.wants("attachments.media_keys") { for key in post.mediaKeys { add(medium: key) } }
        if selection.wants("attachments.poll_ids"), let poll = post.poll { polls.append(poll) }
        if selection.wants("edit_history_tweet_ids") {
            for id in post.versions where id != post.id { add(post: id) }
        }
        let isReferring = selection.expansions.contains { $0.hasPrefix("referenced_tweets.id") }
        if isReferring { for reference in post.references { add(referenced: reference.id) } }
    }

    /// The expansions of users.
    mutating func add(_ user: XUser) {
        if selection.wants("pinned_tweet_id"), let pinned = user.pinned {
            add(post: pinned, missing: "pinned_tweet_id")
        }
        if selection.wants("most_recent_tweet_id"), let latest = world.index.byAuthor[user.id]?.last {
            add(post: latest)
        }
    }

    private mutating func add(referenced id: XPostID) {
        guard let post = add(post: id, missing: "referenced_tweets.id") else { return }
        if selection.wants("referenced_tweets.id.author_id") { add(user: post.author) }
        if selection.wants("referenced_tweets.id.attachments.media_keys") {
            for key in post.mediaKeys { add(medium: key) }
        }
    }

    @discardableResult
    private mutating func add(post id: XPostID, missing parameter: String? = nil) -> XPost? {
        if let refusal = world.refusal(
            ofPost: id, parameter: parameter ?? "id", section: "includes", viewer, selection.words)
        {
            if parameter != nil, seenPosts.insert(id).inserted { errors.append(refusal) }
            return nil
        }
        guard let post = world.posts[id] else { return nil }
        if seenPosts.insert(id).inserted { posts.append(post) }
        return post
    }

    private mutating func add(user id: XUserID, missing parameter: String? = nil) {
        guard seenUsers.insert(id).inserted else { return }
        if let user = world.users[id], user.standing == .active {
            users.append(user)
        } else if let parameter {
            errors.append(
                world.refusal(
                    ofUser: id, named: String(id), parameter: parameter, section: "includes", selection.words)
                    ?? .null)
        }
    }

    private mutating func add(medium key: String) {
        guard seenMedia.insert(key).inserted, let medium = world.media[key] else { return }
        media.append(medium)
    }

    func json(_ shaper: Shaper) -> JSON? {
        var json = ObjectBuilder()
        if !users.isEmpty { json["users"] = .array(users.map { shaper.user($0) }) }
        if !posts.isEmpty {
            json[selection.words == .post ? "posts" : "tweets"] = .array(posts.map { shaper.post($0) })
        }
        if !media.isEmpty { json["media"] = .array(media.map { shaper.medium($0) }) }
        if !polls.isEmpty { json["polls"] = .array(polls.map { shaper.poll($0) }) }
        return json.isEmpty ? nil : json.json
    }
}
