// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

// What becomes of the posts of a page.
extension Fetcher {
    /// Keeps a page with its cursor, and what of it is to be mirrored.
    func keep(
        _ page: PostPage, _ cursor: CursorChange?, of scope: FetchScope?
    ) async throws(BridgeStoreError) {
        // An answer to what was asked before the account was removed.
        if case .timeline(let id)? = scope, try !isMirrored(id) { return }
        var (posts, todo, skipped) = (page.posts, [TodoRequest](), [PostID: String]())
        for post in page.posts { try judge(post, &posts, &todo, &skipped) }
        let stored = try await store.store(
            posts, users: page.users, cursor: cursor, todo: todo, skipped: skipped)
        observer.kept(page.posts.count, new: stored.new.count, of: scope)
        for (id, reason) in skipped where stored.new.contains(id) { observer.leftOut(id, reason) }
        if case .timeline(let id)? = scope, try await store.note(nil, of: id) { observer.readable(id) }
        for id in stored.profiles {
            guard let user = page.users.first(where: { $0.id == id }) else { continue }
            try await profiles.publish(user)
        }
    }

    /// Something was pushed: kept like a page of one post, without a cursor.
    ///
    /// X pushes until its subscription is gone, and a line of a stream may say anything.
    func keepPushed(_ post: ReadPost, users: [User]) async throws(BridgeStoreError) {
        guard let author = post.snapshot.post.author, try isMirrored(author) else { return }
        var page = PostPage()
        page.posts = [post]
        page.users = users
        try await keep(page, nil, of: nil)
    }

    private func isMirrored(_ id: UserID) throws(BridgeStoreError) -> Bool {
        try store.account(id)?.isActive == true
    }

    private func judge(
        _ post: ReadPost, _ posts: inout [ReadPost], _ todo: inout [TodoRequest],
        _ skipped: inout [PostID: String]
    ) throws(BridgeStoreError) {
        guard let author = post.snapshot.post.author else {
            return skipped[post.id] = "its author is not known"
        }
        let account = try store.account(author)
        let consent = Consent(store: store, refusals: configuration.refusals)
        if let reason = try consent.refusal(of: post.snapshot) { return skipped[post.id] = reason }
        if let start = account?.startsAt, post.snapshot.post.madeAt < start {
            return skipped[post.id] = "it was made while its account was stopped"
        }
        let rules = account?.policy.filter ?? configuration.rules
        if case .leaveOut(let reason) = rules.decision(on: post.snapshot) {
            return skipped[post.id] = reason.text
        }
        todo.append(try request(for: post, account))
        for shown in embedded(in: post.snapshot) where !posts.contains(where: { $0.id == shown.post.id }) {
            guard try consent.refusal(of: shown) == nil else { continue }
            let read = ReadPost(shown, raw: [])
            posts.append(read)
            todo.append(try request(for: read, try shown.post.author.map(store.account) ?? nil))
        }
    }

    private func request(for post: ReadPost, _ account: AccountRow?) throws(BridgeStoreError) -> TodoRequest {
        var request = TodoRequest(post.id)
        if configuration.holdsEdits, let editing = post.snapshot.post.editing, editing.isEligible {
            request.why = .editable
            request.notBefore = editing.editableUntil
        }
        guard let rules = moderation(of: account) else { return request }
        let author = post.snapshot.post.author
        let approvals = try author.map(store.approvals) ?? 0
        let ruling = rules.judge(ModerationCase(post.snapshot, approvals: approvals))
        request.screening = Screening(ruling, preview: String(post.snapshot.post.plainText.prefix(280)))
        if request.notBefore == 0 { request.why = .moderation }
        return request
    }

    private func moderation(of account: AccountRow?) -> ModerationRules? {
        switch account?.policy.moderation ?? .inherited {
        case .inherited: configuration.moderation
        case .off: nil
        case .approved: ModerationRules(configuration.moderationRules.rules, otherwise: .approve)
        case .queue: configuration.moderation ?? configuration.moderationRules
        }
    }

    /// Posts of others that this one is to embed or answer.
    private func embedded(in snapshot: Snapshot) -> [Snapshot] {
        switch configuration.context {
        case .none: []
        case .reposts: [snapshot.referenced(.retweeted)].compactMap(\.self)
        case .all: snapshot.referenced
        }
    }

    // MARK: Looking again

    func choose(_ kind: ChoiceKind, _ limit: Int) -> [PostID] {
        do throws(BridgeStoreError) {
            switch kind {
            case .young: return try young(limit)
            case .quotable: return try quotable(limit)
            case .counted: return try counted(limit)
            }
        } catch {
            observer.failed("choose posts", error.description)
            return []
        }
    }

    private func young(_ limit: Int) throws(BridgeStoreError) -> [PostID] {
        var found: [PostID] = []
        var after = PostID.first(at: clock.now() - configuration.youth)
        while found.count < limit {
            let mirrors = try store.mirrors(after: after, limit: 1_000)
            found += mirrors.filter { $0.1.isStanding }.map(\.0)
            guard mirrors.count == 1_000, let last = mirrors.last else { break }
            after = last.0
        }
        return Array(found.prefix(limit))
    }

    /// The newest of the posts that are mirrored and young enough for their counts to change, but for those that were
    /// read lately (R14).
    private func counted(_ limit: Int) throws(BridgeStoreError) -> [PostID] {
        var found: [PostID] = []
        let read = clock.now() - (configuration.planner.metricsInterval ?? 0)
        var after = PostID.first(at: clock.now() - configuration.countedYouth)
        while true {
            let mirrors = try store.mirrors(after: after, limit: 1_000)
            for (id, row) in mirrors where row.isStanding {
                if let post = try store.post(id), post.lastSeen <= read { found.append(id) }
            }
            found = found.suffix(limit)
            guard mirrors.count == 1_000, let last = mirrors.last else { return found }
            after = last.0
        }
    }

    /// The most quoted and liked of the last posts of the accounts, but for those that were looked at lately (R12).
    private func quotable(_ limit: Int) throws(BridgeStoreError) -> [PostID] {
        var candidates: [(id: PostID, quotes: Int, likes: Int)] = []
        for account in try store.accounts(limit: PlannerLimits.accounts) where account.isActive {
            for id in try store.posts(by: account.id, limit: 50) {
                guard let metrics = try store.post(id)?.snapshot.post.metrics,
                    metrics.quotes > 0 || metrics.likes > 10
                else { continue }
                let checked = try store.remembered(.quoteChecked(id)).flatMap { Int64($0.value) } ?? 0
                guard clock.now() - checked >= configuration.planner.quoteInterval else { continue }
                candidates.append((id, metrics.quotes, metrics.likes))
            }
        }
        candidates.sort { ($0.quotes, $0.likes, $0.id) > ($1.quotes, $1.likes, $1.id) }
        return candidates.prefix(limit).map(\.id)
    }

    /// Young posts were read again: new counts are kept, and what is gone is taken back.
    func sweep(_ page: PostPage, _ asked: [PostID]) async throws(BridgeStoreError) {
        try await store.recount(page.posts)
        observer.kept(page.posts.count, new: 0, of: nil)
        let here = Set(page.posts.map(\.id))
        for id in asked where !here.contains(id) {
            let problem = page.problems.first { $0.value == "\(id)" && $0.section != "includes" }
            // Without a reason it may be a fault of the answer.
            guard let absence = problem?.absence else { continue }
            try await retractor.absent(id, absence)
        }
    }
}

extension Post {
    /// **Milliseconds** since 1970; by its number where X did not say.
    fileprivate var madeAt: Int64 { createdAt ?? id.milliseconds }
}
