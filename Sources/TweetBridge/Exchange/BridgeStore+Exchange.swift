// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
public import TweetCore

extension BridgeStore {
    /// Accounts that were seen, in the order of their numbers, those behind `after`.
    public func users(after: UserID? = nil, limit: Int) throws(BridgeStoreError) -> [UserRow] {
        try values(
            BridgeTables.people, RowKey("u"), after: after.map { RowPlace.user($0).key }, limit: limit,
            as: UserRow.self)
    }

    /// Whatever is remembered but cursors and gaps, by name, what is behind `after`.
    public func rememberedValues(
        after: String? = nil, limit: Int
    ) throws(BridgeStoreError) -> [(key: String, row: StateRow)] {
        let start = after.map { RowKey().with($0).bytes }
        var found: [(key: String, row: StateRow)] = []
        for row in try rows(BridgeTables.state, RowKey(), after: start, limit: limit) {
            let text = String(decoding: row.key, as: UTF8.self)
            if text.hasPrefix("since_id:") || text.hasPrefix("gap:") {
                // Skipped, and still a place to go on from.
                found.append((text, StateRow(value: "", updatedAt: 0)))
                continue
            }
            found.append((text, try RowCodec.decode(row.value, as: StateRow.self)))
        }
        return found
    }

    func storedEvent(_ id: EventID) throws(BridgeStoreError) -> Event? {
        try readingStore { () throws(StoreError) in try store.event(id) }
    }

    /// Media that are not known yet; those that are dropped are left alone.
    func keep(media: [Media], of post: PostID?, isDropped: Bool) async throws(BridgeStoreError) {
        if media.isEmpty { return }
        try await change { draft throws(BridgeStoreError) in
            for medium in media where (1...200).contains(medium.key.utf8.count) {
                guard try draft.read(.media(medium.key)) == nil else { continue }
                var row = MediaRow(media: medium, post: post, firstSeen: draft.now)
                row.download.notBefore = draft.now
                if isDropped { row.download.status = .dropped }
                try draft.save(row, instead: nil)
            }
        }
        if !isDropped { tell(.media) }
    }
}
