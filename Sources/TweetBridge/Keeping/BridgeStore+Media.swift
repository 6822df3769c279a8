// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import TweetCore

extension BridgeStore {
    public func media(_ key: String) throws(BridgeStoreError) -> MediaRow? { try read(.media(key)) }

    /// All of them, by key, those behind `after`.
    public func allMedia(after: String? = nil, limit: Int) throws(BridgeStoreError) -> [MediaRow] {
        try values(
            BridgeTables.media, RowKey("m"), after: after.map { RowPlace.media($0).key }, limit: limit,
            as: MediaRow.self)
    }

    /// Those to be fetched by a moment (**milliseconds** since 1970), the longest due first.
    public func dueMedia(at moment: Int64? = nil, limit: Int) throws(BridgeStoreError) -> [MediaRow] {
        let moment = moment ?? now()
        var found: [MediaRow] = []
        for row in try rows(BridgeTables.media, RowKey("d"), limit: limit) {
            var reader = KeyReader(row.key)
            guard let due = reader.number(), due <= UInt64(clamping: moment) else { break }
            if let row = try media(reader.text) { found.append(row) }
        }
        return found
    }

    /// When the next one is to be fetched: **milliseconds** since 1970.
    public func nextMedia() throws(BridgeStoreError) -> Int64? {
        guard let row = try rows(BridgeTables.media, RowKey("d"), limit: 1).first else { return nil }
        var reader = KeyReader(row.key)
        return reader.number().map { Int64(clamping: $0) }
    }

    /// Those that failed for good, by key, those behind `after`.
    public func failedMedia(after: String? = nil, limit: Int) throws(BridgeStoreError) -> [MediaRow] {
        var found: [MediaRow] = []
        let start = after.map { RowKey("f").with($0).bytes }
        for row in try rows(BridgeTables.media, RowKey("f"), after: start, limit: limit) {
            if let row = try media(KeyReader(row.key).text) { found.append(row) }
        }
        return found
    }

    /// Changes what is known of a medium, and of the file that it turned out to be, in one transaction.
    ///
    /// Where ``MediaRow/Download/hash`` becomes another, both files' ``BlobRow/media`` follow.
    /// - Parameters:
    ///   - adjust: may be called more than once.
    ///   - blob: the file, where there was none of these bytes.
    @discardableResult
    public func updateMedia(
        _ key: String, blob: BlobRow? = nil, _ adjust: (inout MediaRow) -> Void
    ) async throws(BridgeStoreError) -> MediaRow {
        let row = try await change { draft throws(BridgeStoreError) in
            guard let before = try draft.read(.media(key)) else { throw .missing("medium") }
            var row = before
            adjust(&row)
            if let blob, let hash = blob.bytes32, try draft.read(.blob(hash)) == nil {
                try draft.save(blob, instead: nil, of: hash)
            }
            if row.download.hash != before.download.hash {
                if let old = before.download.hash { try draft.refer(key, to: old, false) }
                if let new = row.download.hash { try draft.refer(key, to: new, true) }
            }
            try draft.save(row, instead: before)
            return row
        }
        if row.download.status == .pending { tell(.media) }
        return row
    }

    /// Has those that failed tried again, some at a time.
    ///
    /// - Returns: how many; fewer than `limit`: there are no more.
    public func retryFailedMedia(limit: Int = 500) async throws(BridgeStoreError) -> Int {
        let keys = try failedMedia(limit: limit).map(\.media.key)
        try await change { draft throws(BridgeStoreError) in
            for key in keys {
                guard let before = try draft.read(.media(key)), before.download.status == .failed else {
                    continue
                }
                var row = before
                (row.download.status, row.download.attempts, row.download.notBefore) = (
                    .pending, 0, draft.now
                )
                try draft.save(row, instead: before)
            }
        }
        if !keys.isEmpty { tell(.media) }
        return keys.count
    }
}

extension Draft {
    /// A medium that a post has; what is known of its download stays.
    mutating func keep(_ media: Media, of post: PostID) throws(BridgeStoreError) {
        // Somebody else's text: what is no key is no reason to keep nothing of the page.
        guard (1...200).contains(media.key.utf8.count) else { return }
        let before = try read(.media(media.key))
        var row = before ?? MediaRow(media: media, post: post, firstSeen: now)
        if media.file != nil || row.media.file == nil { row.media = media }
        if before == nil { row.download.notBefore = now }
        try save(row, instead: before)
    }

    mutating func save(_ row: MediaRow, instead before: MediaRow?) throws(BridgeStoreError) {
        if row == before { return }
        let (old, new) = (before?.place, row.place)
        if let old, old != new { try unmark(BridgeTables.media, old) }
        if let new { try mark(BridgeTables.media, new) }
        try write(.media(row.media.key), row)
    }
}

extension MediaRow {
    /// Where it is found besides by its key.
    fileprivate var place: RowKey? {
        switch download.status {
        case .pending: RowKey("d").with(ms: download.notBefore).with(media.key)
        case .failed: RowKey("f").with(media.key)
        case .ok, .dropped: nil
        }
    }
}
