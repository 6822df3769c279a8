// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

/// Media stay where X keeps them.
struct LinkedMedia: MediaReadiness {
    func wait(
        for snapshot: Snapshot, since start: Int64, at now: Int64
    ) async throws(BridgeStoreError) -> Int64? { nil }
    func copies(of key: String) throws(BridgeStoreError) -> [MediaCopy] { [] }
}
