// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// The store's commit feed.
public final class CommitFeedLog: CommitFeed {
    public var latest: CommitSequence { fatalError("not written yet") }
    public func subscribe(_ deliver: @escaping @Sendable (FeedItem) -> Void) -> FeedSubscription {
        fatalError("not written yet")
    }
    public func commits(after sequence: CommitSequence, limit: Int) throws(StoreError) -> FeedPage {
        fatalError("not written yet")
    }
    public func publishEphemeral(_ event: Event) { fatalError("not written yet") }
}
