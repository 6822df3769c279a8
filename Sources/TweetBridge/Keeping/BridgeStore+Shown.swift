// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import TweetCore

/// Which media are shown: by a post that is mirrored and not taken back, or is about to be.
extension BridgeStore {
    func isShown(_ key: String) throws(BridgeStoreError) -> Bool {
        var last: [UInt8]?
        while true {
            let page = try rows(BridgeTables.media, .shown(key), after: last, limit: 100)
            for row in page {
                var reader = KeyReader(row.key, skipping: RowKey.shown(key).bytes.count)
                guard let post = reader.number().map({ PostID($0) }) else { continue }
                if try isShown(post) { return true }
            }
            guard page.count == 100, let end = page.last?.key else { return false }
            last = end
        }
    }

    private func isShown(_ id: PostID) throws(BridgeStoreError) -> Bool {
        if let mirror = try mirror(id) { return mirror.isStanding }
        guard let author = try post(id)?.snapshot.post.author else { return false }
        return try read(.todo(author, id)) != nil
    }

    /// Lets go of the files of media that are not shown any more: nothing keeps those but their owners.
    ///
    /// - Returns: where to go on; `nil`: that was the last page.
    func releaseMedia(after last: Bytes32?, limit: Int) async throws(BridgeStoreError) -> Bytes32? {
        let page = try blobs(after: last, limit: limit)
        for blob in page {
            for key in blob.media.sorted() where try !isShown(key) {
                try await updateMedia(key) { row in
                    if row.download.hash == blob.hash { row = row.dropped }
                }
            }
        }
        return page.count == limit ? page.last?.bytes32 : nil
    }
}

extension RowKey {
    /// What the posts' rows of a medium begin with.
    fileprivate static func shown(_ key: String) -> RowKey { RowKey("n").with(key).with(byte: 0) }
}

extension Draft {
    /// Notes which media a post shows: its own, and those of posts that it refers to.
    mutating func noteMedia(of snapshot: Snapshot) throws(BridgeStoreError) {
        for key in ConversionNeeds(of: snapshot).media where (1...200).contains(key.utf8.count) {
            let place = RowKey.shown(key).with(snapshot.post.id)
            if try value(BridgeTables.media, place) == nil { try mark(BridgeTables.media, place) }
        }
    }
}
