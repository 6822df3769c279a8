// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore

/// A place in the store's commits that is kept: who follows them from there misses nothing while it is away.
struct KeptPlace {
    let store: BridgeStore
    let key: StateKey
    /// Commits that are looked through at once.
    let page: Int

    enum Step: Hashable {
        /// There was no place: from now on there is.
        case begun
        /// Some commits are no longer in the log; what is latest is the place now.
        case missed
        case read(mayBeMore: Bool)
    }

    /// Looks through the next commits.
    ///
    /// - Parameter take: takes an event that was stored; says whether it mattered.
    func step(
        _ take: (Event) async throws(BridgeStoreError) -> Bool
    ) async throws(BridgeStoreError) -> Step {
        let feed = store.store.feed
        guard let place = try store.remembered(key).flatMap({ UInt64($0.value) }) else {
            try await move(to: feed.latest)
            return .begun
        }
        let page = try readingStore { () throws(StoreError) in
            try feed.commits(after: CommitSequence(rawValue: place), limit: self.page)
        }
        switch page {
        case .beyondHorizon(let latest):
            try await move(to: latest)
            return .missed
        case .commits(let commits):
            guard let last = commits.last else { return .read(mayBeMore: false) }
            var mattered = false
            for commit in commits {
                for event in commit.stored where try await take(event) { mattered = true }
            }
            // Rows of our own are commits, too: the place is kept where it matters, and now and then.
            if mattered || last.sequence.rawValue > place + 100 { try await move(to: last.sequence) }
            return .read(mayBeMore: mattered || commits.count >= self.page)
        }
    }

    /// What comes next is looked through from whatever is latest then.
    func forget() async throws(BridgeStoreError) {
        if try store.remembered(key) != nil { try await store.remember(key, nil) }
    }

    private func move(to sequence: CommitSequence) async throws(BridgeStoreError) {
        try await store.remember(key, "\(sequence)")
    }
}
