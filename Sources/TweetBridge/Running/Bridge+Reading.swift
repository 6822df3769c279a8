// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// What came of reading one post.
public enum PostReading: Hashable, Sendable {
    case kept
    /// X does not give it, and why.
    case absent(Absence)
    /// It was not asked for: it was not to be had before.
    case gone(GoneRow)
}

/// What came of reading a list.
public struct ListReading: Hashable, Sendable {
    public var posts: [PostID] = []
    /// Whether there is nothing more of what was asked for.
    public var isWhole = true
}

// Reading because an operator wants it: kept, and mirrored only if that is asked for, too.
extension Bridge {
    /// Keeps what X says of accounts.
    ///
    /// - Returns: those that X knows.
    public func readProfiles(_ handles: [Handle]) async throws(BridgeFault) -> [User] {
        var users: [User] = []
        for some in handles.chunks(of: XQuestion.lookupMax) {
            let page = try await ask(.handles(some), for: .references)
            do { _ = try await store.store(users: page.users) } catch { throw .unkept(error) }
            users += page.users
        }
        return users
    }

    /// Keeps posts and what they refer to, one look-up for each hundred.
    ///
    /// - Parameter again: also those that were not to be had before.
    public func readPosts(
        _ ids: [PostID], again: Bool = false
    ) async throws(BridgeFault) -> [PostID: PostReading] {
        var readings: [PostID: PostReading] = [:]
        var wanted: [PostID] = []
        do {
            for id in ids {
                if !again, try store.isGone(id), let row = try store.gone(id) {
                    readings[id] = .gone(row)
                } else {
                    wanted.append(id)
                }
            }
        } catch { throw .unkept(error) }
        for some in wanted.chunks(of: XQuestion.lookupMax) {
            let page = try await ask(.posts(some), for: .references)
            try await keep(page)
            for id in some { readings[id] = try await reading(of: id, in: page) }
        }
        return readings
    }

    private func reading(of id: PostID, in page: PostPage) async throws(BridgeFault) -> PostReading {
        if page.posts.contains(where: { $0.id == id }) { return .kept }
        let problem = page.problems.first { $0.value == "\(id)" && $0.section != "includes" }
        let absence = problem?.absence ?? .unknown
        do { try await retractor.absent(id, absence) } catch { throw .unkept(error) }
        return .absent(absence)
    }

    /// Keeps the newest posts of an account; where its list is read on from does not change.
    ///
    /// - Parameters:
    ///   - count: as many, or a few more: X gives five at least.
    ///   - since: those made then or later. **Milliseconds** since 1970.
    public func readTimeline(
        of user: UserID, count: Int, since: Int64?
    ) async throws(BridgeFault) -> ListReading {
        var reading = ListReading()
        var token: String?
        let floor = since.map { PostID.first(at: $0).before }
        for _ in 0..<BridgeLimits.timelinePages {
            let left = min(100, count - reading.posts.count)
            let range = PageRange(since: floor, token: token, size: left)
            let page = try await ask(.timeline(user, range), for: .ownPosts)
            try await keep(page)
            reading.posts += page.posts.map(\.id)
            token = page.next
            if token == nil || reading.posts.count >= count { break }
        }
        reading.isWhole = token == nil
        return reading
    }

    /// Keeps what X finds of a conversation: what was said in the last week, and whatever that answers.
    public func readConversation(_ root: PostID) async throws(BridgeFault) -> ListReading {
        var reading = ListReading()
        var token: String?
        for _ in 0..<BridgeLimits.conversationPages {
            let page = try await ask(
                .search("conversation_id:\(root)", PageRange(token: token, size: 100)), for: .references)
            try await keep(page)
            reading.posts += page.posts.map(\.id)
            token = page.next
            if token == nil { break }
        }
        reading.isWhole = token == nil
        // The first post is not found once it is a week old, and neither is what stands between.
        var asked: Set<PostID> = []
        for _ in 0..<BridgeLimits.conversationRounds {
            let tree = try conversation(root).tree
            let unread = Set(tree.missing + (try isRead(root) ? [] : [root])).subtracting(asked)
            if unread.isEmpty { break }
            let some = unread.sorted().suffix(XQuestion.lookupMax)
            asked.formUnion(some)
            let found = try await readPosts(Array(some))
            reading.posts += found.filter { $0.value == .kept }.map(\.key).sorted()
        }
        return reading
    }

    /// What was read of a conversation.
    ///
    /// - Returns: with whether there is more than ``BridgeLimits/conversationPosts``.
    public func conversation(
        _ root: PostID
    ) throws(BridgeFault) -> (tree: ConversationTree, isWhole: Bool) {
        var parents: [PostID: PostID?] = [:]
        do {
            var after: PostID?
            while parents.count < BridgeLimits.conversationPosts {
                let page = try store.posts(in: root, after: after, limit: 500)
                for id in Set(page + [root]) {
                    guard let post = try store.post(id)?.snapshot.post else { continue }
                    parents[id] = .some(post.references.first { $0.kind == .repliedTo }?.id)
                }
                guard page.count == 500, let last = page.last else {
                    return (ConversationTree(parents), true)
                }
                after = last
            }
        } catch { throw .unkept(error) }
        return (ConversationTree(parents), false)
    }

    private func isRead(_ id: PostID) throws(BridgeFault) -> Bool {
        do { return try store.post(id) != nil } catch { throw .unkept(error) }
    }

    private func keep(_ page: PostPage) async throws(BridgeFault) {
        do {
            let stored = try await store.store(page.posts, users: page.users)
            observer.kept(page.posts.count, new: stored.new.count, of: nil)
        } catch { throw .unkept(error) }
    }

    private func ask(
        _ question: XQuestion, for purpose: SpendPurpose
    ) async throws(BridgeFault) -> PostPage {
        do { return try await fetcher.source.ask(question, for: purpose) } catch { throw .unanswered(error) }
    }
}

extension Array {
    /// In order, so many at a time.
    func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
