// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

extension BridgeStore {
    /// How many jobs of a queue wait to be handed out, up to `most`.
    func waiting(in queue: String, most: Int) throws(BridgeStoreError) -> Int {
        try rows(BridgeTables.queue, RowKey("r").with(queue).with(byte: 0), limit: most).count
    }

    /// What a receiver is told of an event of ours; `nil` where it is no more.
    ///
    /// - Parameter event: 64 hexadecimal digits.
    func webhookBody(of event: String) throws(BridgeStoreError) -> [UInt8]? {
        guard let id = EventID(hex: event), let post = try mirrored(id)?.post,
            let stored = try storedEvent(id),
            try mirror(post)?.isStanding ?? false
        else { return nil }
        let row = try self.post(post)
        return JSONOutput.object { output in
            output.member("type", "post.mirrored")
            output.member("post") {
                $0.member("id", post.description)
                $0.member("url", post.url)
                $0.member("author_id", row?.snapshot.post.author?.description)
                $0.member("username", row?.snapshot.author?.handle)
                $0.member("created_at", at: row?.snapshot.post.createdAt)
            }
            output.member("event", json: stored.json)
        }
    }
}
