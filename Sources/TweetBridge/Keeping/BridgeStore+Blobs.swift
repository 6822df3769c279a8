// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
public import NostrCore
import TweetCore

/// Files, by what is in them.
extension BridgeStore {
    public func blob(_ hash: Bytes32) throws(BridgeStoreError) -> BlobRow? { try read(.blob(hash)) }

    /// All of them, by hash, those behind `after`.
    public func blobs(after: Bytes32? = nil, limit: Int) throws(BridgeStoreError) -> [BlobRow] {
        try values(
            BridgeTables.media, RowKey("b"), after: after.map { RowPlace.blob($0).key }, limit: limit,
            as: BlobRow.self)
    }

    /// Changes what is known of a file; `nil` before: there is none, `nil` after: there is none any more.
    ///
    /// - Parameter adjust: may be called more than once.
    @discardableResult
    public func updateBlob(
        _ hash: Bytes32, _ adjust: (inout BlobRow?) -> Void
    ) async throws(BridgeStoreError) -> BlobRow? {
        try await change { draft throws(BridgeStoreError) in
            let before = try draft.read(.blob(hash))
            var row = before
            adjust(&row)
            try draft.save(row, instead: before, of: hash)
            return row
        }
    }

    /// Forgets a file. Media that it was are ``MediaRow/Download/Status/dropped``.
    ///
    /// - Parameter isForced: whether it does not matter that it has owners, or is some medium's.
    /// - Returns: whether it is forgotten.
    func forgetBlob(_ hash: Bytes32, isForced: Bool) async throws(BridgeStoreError) -> Bool {
        try await change { draft throws(BridgeStoreError) in
            guard let blob = try draft.read(.blob(hash)),
                isForced || (blob.owners.isEmpty && blob.media.isEmpty)
            else { return false }
            for key in blob.media.sorted() {
                guard let before = try draft.read(.media(key)), before.download.hash == blob.hash else {
                    continue
                }
                try draft.save(before.dropped, instead: before)
            }
            try draft.save(nil, instead: blob, of: hash)
            return true
        }
    }

    /// Has a file fetched again that is not there any more, or is damaged.
    func refetch(_ hash: Bytes32) async throws(BridgeStoreError) {
        try await change { draft throws(BridgeStoreError) in
            for key in try draft.read(.blob(hash))?.media.sorted() ?? [] {
                guard let before = try draft.read(.media(key)), before.download.status == .ok else {
                    continue
                }
                try draft.save(before.due(at: draft.now), instead: before)
            }
        }
        tell(.media)
    }

    /// Has the file of a medium fetched that was not wanted, or was taken away.
    func fetchAgain(_ key: String) async throws(BridgeStoreError) {
        try await updateMedia(key) { row in row = row.due(at: now()) }
    }

    // MARK: On their way to Blossom servers

    /// Those that are due by a moment (**milliseconds** since 1970), the longest due first.
    func dueUploads(at moment: Int64, limit: Int) throws(BridgeStoreError) -> [BlobRow] {
        var found: [BlobRow] = []
        for row in try rows(BridgeTables.media, RowKey("u"), limit: limit) {
            var reader = KeyReader(row.key)
            guard let due = reader.number(), due <= UInt64(clamping: moment), let hash = reader.event() else {
                break
            }
            if let blob = try blob(hash.bytes) { found.append(blob) }
        }
        return found
    }

    /// When the next one is due: **milliseconds** since 1970.
    func nextUpload() throws(BridgeStoreError) -> Int64? {
        guard let row = try rows(BridgeTables.media, RowKey("u"), limit: 1).first else { return nil }
        var reader = KeyReader(row.key)
        return reader.number().map { Int64(clamping: $0) }
    }

    /// Has uploads that were given up tried again.
    ///
    /// - Returns: how many files that concerns.
    public func retryFailedUploads() async throws(BridgeStoreError) -> Int {
        try await makeUploadsDue { blob in
            var isDue = false
            for (server, upload) in blob.servers where upload.status == .failed {
                blob.servers[server] = BlobRow.Upload()
                isDue = true
            }
            return isDue
        }
    }

    /// Has every file that is some medium's looked at again by whoever uploads: the servers are others.
    func renewUploads() async throws(BridgeStoreError) {
        _ = try await makeUploadsDue { !$0.media.isEmpty }
    }

    private func makeUploadsDue(
        _ choose: (inout BlobRow) -> Bool
    ) async throws(BridgeStoreError) -> Int {
        var (count, last) = (0, Bytes32?.none)
        while true {
            let page = try blobs(after: last, limit: 200)
            for blob in page {
                var copy = blob
                guard choose(&copy), let hash = blob.bytes32 else { continue }
                count += 1
                try await updateBlob(hash) { row in
                    if var chosen = row, choose(&chosen) {
                        chosen.due = now()
                        row = chosen
                    }
                }
            }
            guard let end = page.last?.bytes32 else { break }
            last = end
        }
        if count > 0 { tell(.media) }
        return count
    }
}

extension BlobRow {
    public var bytes32: Bytes32? { EventID(hex: hash)?.bytes }

    /// Where it is found besides by its hash.
    fileprivate func place(_ hash: Bytes32) -> RowKey? {
        due.map { RowKey("u").with(ms: $0).with(bytes: hash.bytes) }
    }
}

extension MediaRow {
    /// To be fetched from now on.
    fileprivate func due(at now: Int64) -> MediaRow {
        var row = self
        (row.download.status, row.download.attempts, row.download.notBefore) = (.pending, 0, now)
        return row
    }

    /// Without a file.
    var dropped: MediaRow {
        var row = self
        (row.download.status, row.download.hash, row.download.bytes) = (.dropped, nil, nil)
        return row
    }
}

extension Draft {
    mutating func save(
        _ row: BlobRow?, instead before: BlobRow?, of hash: Bytes32
    ) throws(BridgeStoreError) {
        if row == before { return }
        let (old, new) = (before?.place(hash), row?.place(hash))
        if let old, old != new { try unmark(BridgeTables.media, old) }
        if let new { try mark(BridgeTables.media, new) }
        if let row { try write(.blob(hash), row) } else { try remove(.blob(hash)) }
    }

    mutating func refer(_ key: String, to hash: String, _ does: Bool) throws(BridgeStoreError) {
        guard let id = EventID(hex: hash)?.bytes else {
            throw .refused("a file's hash has 64 hexadecimal digits")
        }
        guard let before = try read(.blob(id)) else {
            if does { throw .missing("file of that hash") }
            return
        }
        var blob = before
        if does {
            if blob.media.count < BlobRow.mostReferences { blob.media.insert(key) }
            blob.lastUsed = now
            blob.due = blob.due ?? now
        } else {
            blob.media.remove(key)
        }
        try save(blob, instead: before, of: id)
    }
}
