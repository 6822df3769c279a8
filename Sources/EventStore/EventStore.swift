// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The events of one relay in one LMDB file, for any number of readers.
public final class EventStore: Sendable {
    /// Opens a store for reading and writing, and makes it when it is missing.
    ///
    /// - Complexity: O(1), whatever the store holds.
    public static func open(_ options: StoreOptions) throws(StoreError) -> OpenedStore {
        fatalError("not written yet")
    }

    /// Opens a store that another process may be writing.
    public static func openReadOnly(_ options: StoreOptions) throws(StoreError) -> EventStore {
        fatalError("not written yet")
    }

    /// The feed of commits.
    public var feed: CommitFeedLog { fatalError("not written yet") }
    /// The last commit.
    public var latest: CommitSequence { fatalError("not written yet") }
    public var statistics: StoreStatistics { get throws(StoreError) { fatalError("not written yet") } }
}
