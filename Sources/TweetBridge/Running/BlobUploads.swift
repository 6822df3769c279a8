// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

/// Brings files to Blossom servers: to the first by upload, to the rest by mirror, each until it is there or given up.
struct BlobUploads: Sendable {
    let store: BridgeStore
    let servers: [String]
    let client: BlossomClient
    let limits: MediaLimits
    let clock: BridgeClock
    /// Files looked at in one reading.
    private static let page = 500

    func shutdown() async { await client.shutdown() }

    /// Whether a file is not at the first server yet, and may still come there.
    func isAwaited(_ blob: BlobRow) -> Bool {
        guard let first = servers.first else { return false }
        return blob.servers[first].map { $0.status == .pending } ?? true
    }

    /// Where it is, in the order of the servers.
    func urls(of blob: BlobRow) -> [String] {
        servers.compactMap { blob.servers[$0]?.status == .stored ? blob.servers[$0]?.url : nil }
    }

    /// Brings what is due.
    ///
    /// - Returns: whether anything has arrived or was given up.
    func work(
        key: @Sendable (UserID) async throws(BridgeStoreError) -> SecretKey
    ) async throws -> Bool {
        var (after, hasNews) = (Bytes32?.none, false)
        while !Task.isCancelled {
            let blobs = try store.blobs(after: after, limit: Self.page)
            for blob in blobs where !blob.media.isEmpty {
                let due = servers.filter { isDue(blob.servers[$0]) }
                guard !due.isEmpty, let author = try author(of: blob) else { continue }
                try await bring(blob, to: due, signing: try await key(author))
                hasNews = true
            }
            guard blobs.count == Self.page, let last = blobs.last?.bytes32 else { return hasNews }
            after = last
        }
        return hasNews
    }

    private func isDue(_ upload: BlobRow.Upload?) -> Bool {
        guard let upload else { return true }
        return upload.status == .pending && upload.notBefore <= clock.now()
    }

    /// Whose file it is: the first who posted it.
    private func author(of blob: BlobRow) throws(BridgeStoreError) -> UserID? {
        for key in blob.media.sorted() {
            if let post = try store.media(key)?.post, let author = try store.post(post)?.snapshot.post.author
            {
                return author
            }
        }
        return nil
    }

    private func bring(_ blob: BlobRow, to due: [String], signing key: SecretKey) async throws {
        guard let hash = blob.bytes32 else { return }
        let file = MediaFile(hash: hash, size: Int64(blob.bytes), type: blob.contentType)
        let results = try await client.upload(file, to: due, from: urls(of: blob).first, signing: key)
        let now = clock.now()
        try await store.updateBlob(hash) { row in
            for result in results {
                row?.servers[result.server, default: BlobRow.Upload()].take(result.outcome, at: now, limits)
            }
        }
    }
}

extension BlobRow.Upload {
    fileprivate mutating func take(
        _ outcome: BlossomClient.Result.Outcome, at now: Int64, _ limits: MediaLimits
    ) {
        var made = CopyAttempts(.pending, attempts: attempts, notBefore: notBefore, url: url)
        switch outcome {
        case .stored(let descriptor): made.stored(at: descriptor.url)
        case .failed(let failure):
            made.failed(failure, at: now, limits)
            lastError = "\(failure)"
        }
        switch made.state {
        case .pending: status = .pending
        case .stored: status = .stored
        case .failed: status = .failed
        }
        (attempts, notBefore, url) = (made.attempts, made.notBefore, made.url)
    }
}
