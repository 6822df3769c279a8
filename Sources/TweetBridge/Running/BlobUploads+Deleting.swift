// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

/// What no mirrored post shows any more is deleted where we brought it, before it goes here.
extension BlobUploads {
    /// Asks every server that has such a file, whether it is still configured or not, until it answers or is given up.
    func takeBack(
        key: @Sendable (UserID) async throws(BridgeStoreError) -> SecretKey
    ) async throws {
        var last: Bytes32?
        repeat {
            let page = try store.blobs(after: last, limit: limits.tidiedAtOnce)
            for blob in page where blob.isToBeTakenBack {
                try Task.checkCancellation()
                guard let hash = blob.bytes32, let author = blob.bringer, try !store.isHandedOver(author)
                else { continue }
                try await takeBack(blob, hash, signing: try await key(author))
            }
            last = page.count == limits.tidiedAtOnce ? page.last?.bytes32 : nil
        } while last != nil
    }

    private func takeBack(_ blob: BlobRow, _ hash: Bytes32, signing key: SecretKey) async throws {
        var over: Set<String> = []
        for (server, upload) in blob.servers where upload.status == .stored {
            if await client.delete(hash, at: server, signing: key) { over.insert(server) }
        }
        try Task.checkCancellation()
        try await store.updateBlob(hash) { row in
            // Somebody may show it again by now: then it is brought again.
            for (server, upload) in row?.servers ?? [:] where upload.status == .stored {
                let isOver = over.contains(server) || upload.attempts + 1 >= limits.maxCopyAttempts
                row?.servers[server]?.attempts += 1
                if isOver { row?.servers[server] = nil }
            }
            if let blob = row, !blob.media.isEmpty { row?.due = clock.now() }
        }
    }
}

extension BlobRow {
    /// Whether servers have it that need not any more.
    var isToBeTakenBack: Bool {
        media.isEmpty && bringer != nil && servers.values.contains { $0.status == .stored }
    }

    /// Whether it has to stay here until it is somewhere else, or is there no more.
    var isTravelling: Bool {
        isToBeTakenBack || (!media.isEmpty && servers.values.contains { $0.status == .pending })
    }
}
