// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

extension BridgeStore {
    /// Keeps how often posts were liked, reposted and answered by now. Nothing else of a post is taken from answers that
    /// were asked for counts alone: they lack most of it.
    ///
    /// - Returns: how many are known, and were counted.
    @discardableResult
    public func recount(_ page: [ReadPost]) async throws(BridgeStoreError) -> Int {
        try await change { draft throws(BridgeStoreError) in
            var count = 0
            for read in page {
                guard var row = try draft.read(.post(read.id)) else { continue }
                row.snapshot.post.metrics = read.snapshot.post.metrics ?? row.snapshot.post.metrics
                row.lastSeen = max(draft.now, row.lastSeen)
                try draft.write(.post(read.id), row)
                // It is there again.
                if try draft.read(.gone(read.id)) != nil { try draft.remove(.gone(read.id)) }
                count += 1
            }
            return count
        }
    }
}
