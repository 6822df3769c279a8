// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// The order of things: every commit once, in sequence, with ephemeral events between them.
public protocol CommitFeed: Sendable {
    var latest: CommitSequence { get }

    /// Calls `deliver` for each item after it happened, in order, on the thread that made it: it must only enqueue.
    ///
    /// An item is delivered once every later read of the store sees it.
    func subscribe(_ deliver: @escaping @Sendable (FeedItem) -> Void) -> FeedSubscription

    /// The commits after `sequence`, oldest first, for followers that keep a position of their own.
    func commits(after sequence: CommitSequence, limit: Int) throws(StoreError) -> FeedPage

    /// A piece of what was committed after `sequence`, for followers that may stop inside a commit.
    ///
    /// - Parameters:
    ///   - number: the events of the first commit that are numbered up to this one are left out; 0 for none.
    ///   - bytes: of events; the last commit is cut where they are reached.
    func piece(
        after sequence: CommitSequence, above number: UInt64, limit: Int, bytes: Int
    ) throws(StoreError) -> FeedPage

    /// Hands out an event that is never stored. For the one door only.
    func publishEphemeral(_ event: Event)
}

/// What followers are told.
public enum FeedItem: Sendable {
    case commit(Commit)
    case ephemeral(Event, after: CommitSequence)
}

/// A piece of the feed's past.
public enum FeedPage: Sendable {
    /// Empty when the follower is up to date.
    case commits([Commit])
    /// The log no longer reaches back that far: rebuild from the store, then follow from `latest`.
    case beyondHorizon(latest: CommitSequence)
}

/// Keeps a follower in the feed until it is cancelled or released.
public final class FeedSubscription: Sendable {
    private let onCancel: @Sendable () -> Void

    init(onCancel: @escaping @Sendable () -> Void) { self.onCancel = onCancel }

    /// Stops delivery; harmless a second time.
    public func cancel() { onCancel() }

    deinit { onCancel() }
}
