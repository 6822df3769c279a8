// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
public import NostrCore
import OrderedCollections

/// The store's commit feed: live to those who subscribe, from memory or disk to those who ask.
public final class CommitFeedLog: CommitFeed {
    private let log: CommitLog
    private let state: NIOLockedValueBox<State>
    /// Held while items are handed out, so that all followers get all items in one order. Never held
    /// while ``state`` is, so that a follower may subscribe and cancel while it is told something.
    private let delivery = NIOLock()

    private struct State {
        /// `nil` where another process writes.
        var latest: CommitSequence?
        var ring = CommitRing()
        var followers: OrderedDictionary<UInt64, @Sendable (FeedItem) -> Void> = [:]
        var nextToken: UInt64 = 0
    }

    init(_ log: CommitLog, latest: CommitSequence?) {
        self.log = log
        state = NIOLockedValueBox(State(latest: latest))
    }

    public var latest: CommitSequence {
        if let latest = state.withLockedValue({ $0.latest }) { return latest }
        return (try? log.latest()) ?? .zero
    }

    public func subscribe(_ deliver: @escaping @Sendable (FeedItem) -> Void) -> FeedSubscription {
        let token = state.withLockedValue { state in
            state.nextToken += 1
            state.followers[state.nextToken] = deliver
            return state.nextToken
        }
        return FeedSubscription { [weak self] in
            self?.state.withLockedValue { _ = $0.followers.removeValue(forKey: token) }
        }
    }

    public func commits(after sequence: CommitSequence, limit: Int) throws(StoreError) -> FeedPage {
        guard limit > 0 else { return .commits([]) }
        let bytes = log.limits.feedPageBytes
        if let commits = remembered(after: sequence, limit: limit, bytes: bytes) { return .commits(commits) }
        return try log.commits(after: sequence, limit: limit, bytes: bytes)
    }

    public func piece(
        after sequence: CommitSequence, above number: UInt64, limit: Int, bytes: Int
    ) throws(StoreError) -> FeedPage {
        guard limit > 0 else { return .commits([]) }
        guard let commits = remembered(after: sequence, limit: limit, bytes: bytes) else {
            return try log.commits(after: sequence, above: number, limit: limit, bytes: bytes, mayCut: true)
        }
        var piece: [Commit] = []
        var rest = bytes
        for commit in commits {
            let part = commit.part(above: piece.isEmpty ? number : 0, bytes: rest)
            piece.append(part)
            rest -= part.stored.reduce(0) { $0 + $1.json.count }
            guard part.isWhole, rest > 0 else { break }
        }
        return .commits(piece)
    }

    /// What memory has of the commits after `sequence`; `nil` when the log has to say.
    ///
    /// That is so, too, for a sequence above `latest`: a commit is in the file a moment before it is published.
    private func remembered(after sequence: CommitSequence, limit: Int, bytes: Int) -> [Commit]? {
        state.withLockedValue { state in
            guard let latest = state.latest, sequence <= latest else { return nil }
            if sequence == latest { return [] }
            return state.ring.commits(after: sequence, limit: limit, maxBytes: bytes)
        }
    }

    public func publishEphemeral(_ event: Event) {
        delivery.withLock {
            let (latest, followers) = state.withLockedValue { ($0.latest ?? .zero, $0.followers.values) }
            for deliver in followers { deliver(.ephemeral(event, after: latest)) }
        }
    }

    /// What memory has of earlier commits is hidden by now; the log knows what is not.
    func forgetPast() { state.withLockedValue { $0.ring = CommitRing() } }

    /// Tells everybody of a commit that is done.
    func publish(_ commit: Commit) {
        delivery.withLock {
            let followers = state.withLockedValue { state in
                state.latest = commit.sequence
                state.ring.append(commit, log.limits)
                return state.followers.values
            }
            for deliver in followers { deliver(.commit(commit)) }
        }
    }
}
