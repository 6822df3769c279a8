// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// Posts a text.
    @discardableResult
    public mutating func post(_ text: String, by author: XUserID) throws(XRefusal) -> XPostID {
        try post(XDraft(text), by: author)
    }

    /// Posts a draft as a user.
    ///
    /// - Returns: the id of the new post.
    /// - Throws: ``XRefusal`` when it refers to what is not there, asks a bad question, or nothing more fits.
    @discardableResult
    public mutating func post(_ draft: XDraft, by author: XUserID) throws(XRefusal) -> XPostID {
        guard let user = users[author], user.standing == .active else { throw .noSuchUser }
        guard posts.count < limits.posts else { throw .full }
        try check(draft, by: user)
        let id = draft.at.map { makeID(at: $0) } ?? makeID()
        let post = try compose(draft, by: user, id: id, versions: [id])
        add(post)
        return id
    }

    /// Reposts a post, as `RT @…` with the beginning of its text.
    @discardableResult
    public mutating func repost(_ target: XPostID, by author: XUserID, at: XInstant? = nil) throws(XRefusal)
        -> XPostID
    {
        guard let user = users[author], user.standing == .active else { throw .noSuchUser }
        guard let original = posts[target], let whom = users[original.author] else { throw .noSuchPost }
        if let further = original.reference(.reposted) { return try repost(further, by: author, at: at) }
        guard posts.count < limits.posts else { throw .full }
        guard !whom.isProtected || whom.id == author, whom.standing == .active else { throw .notAllowed }
        let id = at.map { makeID(at: $0) } ?? makeID()
        var draft = XDraft(beginning(of: "RT @\(whom.username): \(original.text)", length: 140))
        draft.at = at
        draft.language = original.language
        draft.isSensitive = original.isSensitive
        var post = plain(draft, by: user, id: id, versions: [id])
        post.references = [.init(kind: .reposted, id: target)]
        post.mentioned = mentions(in: post.text)
        post.links = original.links.filter { post.text.contains(shortLink($0.code)) }
        post.metrics.reposts = original.metrics.reposts
        add(post)
        return id
    }

    /// Edits a post: a new version with an id of its own takes its place.
    ///
    /// - Throws: ``XRefusal/notEditable`` beyond five edits, after the window, for polls, reposts and replies to others.
    @discardableResult
    public mutating func edit(_ target: XPostID, _ draft: XDraft) throws(XRefusal) -> XPostID {
        guard let old = posts[target], let user = users[old.author] else { throw .noSuchPost }
        guard isEditable(old) else { throw .notEditable }
        guard posts.count < limits.posts else { throw .full }
        var draft = draft
        draft.inReplyTo = old.reference(.repliedTo)
        draft.quoting = draft.quoting ?? old.reference(.quoted)
        if draft.mediaKeys.isEmpty { draft.mediaKeys = old.mediaKeys }
        try check(draft, by: user)
        let id = makeID()
        var post = try compose(draft, by: user, id: id, versions: old.versions + [id])
        post.conversation = old.conversation
        index.remove(old)
        for version in old.versions { posts[version]?.versions = post.versions }
        posts[id] = post
        index.insert(post)
        announce(post)
        return id
    }

    @discardableResult
    public mutating func edit(_ target: XPostID, text: String) throws(XRefusal) -> XPostID {
        try edit(target, XDraft(text))
    }

    /// Deletes a post with all its versions and all its reposts. Replies and quotes stay.
    public mutating func delete(_ target: XPostID) throws(XRefusal) {
        guard let post = posts[target], let newest = post.versions.last, let head = posts[newest] else {
            throw .noSuchPost
        }
        index.remove(head)
        for version in head.versions {
            for repost in index.reposting[version] ?? [] { try delete(repost) }
            posts[version] = nil
            gone.set(version, GonePost(author: head.author, at: now), bound: limits.tombstones)
            announceDeletion(of: version, by: head.author)
        }
        for reference in head.references { count(reference, -1) }
    }

    /// Sets how often a post was liked, reposted and so on.
    public mutating func setMetrics(_ metrics: XPost.Metrics, of id: XPostID) throws(XRefusal) {
        guard posts[id] != nil else { throw .noSuchPost }
        posts[id]?.metrics = metrics
    }

    /// Changes what cannot be changed by its author: whether it is withheld or sensitive.
    public mutating func mark(_ id: XPostID, sensitive: Bool, withheld: XWithheld?) throws(XRefusal) {
        guard posts[id] != nil else { throw .noSuchPost }
        posts[id]?.isSensitive = sensitive
        posts[id]?.withheld = withheld
    }

    /// Votes in a poll.
    public mutating func vote(_ option: Int, in id: XPostID, times: Int64 = 1) throws(XRefusal) {
        guard let poll = posts[id]?.poll, poll.options.indices.contains(option) else { throw .noSuchPost }
        posts[id]?.poll?.options[option].votes += times
    }

    /// Whether a version can be edited now.
    func isEditable(_ post: XPost) -> Bool {
        guard !post.isSuperseded, post.versions.count <= 5, post.poll == nil else { return false }
        guard post.reference(.reposted) == nil, now < editableUntil(post) else { return false }
        return post.inReplyToUser == nil || post.inReplyToUser == post.author
    }

    /// The window begins with the first version.
    func editableUntil(_ post: XPost) -> XInstant {
        Snowflake.instant(of: post.versions.first ?? post.id) + settings.editWindow
    }
}

extension XWorld {
    private mutating func add(_ post: XPost) {
        posts[post.id] = post
        index.insert(post)
        for reference in post.references { count(reference, 1) }
        announce(post)
    }

    private mutating func count(_ reference: XPost.Reference, _ difference: Int64) {
        switch reference.kind {
        case .repliedTo: posts[reference.id]?.metrics.replies += difference
        case .quoted: posts[reference.id]?.metrics.quotes += difference
        case .reposted: posts[reference.id]?.metrics.reposts += difference
        }
    }

    private func check(_ draft: XDraft, by user: XUser) throws(XRefusal) {
        let length = draft.text.unicodeScalars.count
        guard length <= limits.longTextLength else { throw .badText }
        guard length > 0 || !draft.mediaKeys.isEmpty || !draft.pollOptions.isEmpty else { throw .badText }
        for target in [draft.inReplyTo, draft.quoting].compactMap(\.self) {
            guard let post = posts[target], let whom = users[post.author] else { throw .noSuchPost }
            guard whom.standing == .active, !whom.isProtected || whom.id == user.id else { throw .notAllowed }
        }
        guard draft.mediaKeys.count <= 4, draft.mediaKeys.allSatisfy({ media[$0] != nil }) else {
            throw .noSuchMedium
        }
        guard draft.pollOptions.isEmpty || (2...4).contains(draft.pollOptions.count) else { throw .badPoll }
        guard draft.pollOptions.isEmpty || (5...10_080).contains(draft.pollMinutes) else { throw .badPoll }
    }

    /// An id of this very moment; they only go up.
    mutating func makeID() -> UInt64 {
        lastID = max(Snowflake.firstID(at: now), lastID + 1)
        return lastID
    }

    /// An id of a moment that is past.
    private mutating func makeID(at instant: XInstant) -> UInt64 {
        guard instant < now else { return makeID() }
        var id = Snowflake.firstID(at: instant)
        while posts[id] != nil || gone[id] != nil || users[id] != nil { id += 1 }
        return id
    }
}
