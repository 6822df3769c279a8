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
    private static let page = 100
    /// Which servers all files have been brought to, or will be.
    private static let list = StateKey("blossom_servers")

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

    /// Has all files looked at again where the servers are others than the last time.
    func adoptServers() async throws(BridgeStoreError) {
        let list = Hex.string(SHA256.digest(Array(servers.joined(separator: " ").utf8)).bytes)
        guard try store.remembered(Self.list)?.value != list else { return }
        try await store.renewUploads()
        try await store.remember(Self.list, list)
    }

    /// Brings what is due, some files at once. A server that does not answer is not asked again in this round.
    ///
    /// - Returns: what went wrong, by server; `nil` when there was nothing to do.
    func work(
        key: @escaping @Sendable (UserID) async throws(BridgeStoreError) -> SecretKey
    ) async throws -> Failures? {
        var (failures, hasNews) = (Failures(), false)
        while !Task.isCancelled {
            var due = try store.dueUploads(at: clock.now(), limit: Self.page)[...]
            if due.isEmpty { break }
            while !due.isEmpty {
                let some = due.prefix(max(1, limits.uploadsAtOnce))
                due = due.dropFirst(some.count)
                let silent = Set(failures.filter { $0.value == .unreachable }.keys)
                try await withThrowingTaskGroup(of: Failures.self) { group in
                    for blob in some { group.addTask { try await bring(blob, silent, key) } }
                    for try await more in group { failures.merge(more) { $1 } }
                }
                hasNews = true
            }
        }
        return hasNews ? failures : nil
    }

    /// What went wrong the last time, by server.
    typealias Failures = [String: BlossomUpload.Failure]

    private func bring(
        _ blob: BlobRow, _ silent: Set<String>,
        _ key: @Sendable (UserID) async throws(BridgeStoreError) -> SecretKey
    ) async throws -> Failures {
        guard let hash = blob.bytes32 else { return [:] }
        let due = servers.filter { isDue(blob.servers[$0]) }
        let asked = due.filter { !silent.contains($0) }
        guard !asked.isEmpty, let author = try author(of: blob) else {
            // Nobody to ask, or nobody's: later, if ever.
            let again = due.isEmpty || blob.media.isEmpty ? nil : clock.now() + limits.backoffBase
            try await store.updateBlob(hash) { row in
                guard let blob = row else { return }
                row?.due = blob.media.isEmpty ? nil : next(of: blob, again)
            }
            return [:]
        }
        let secret = try await key(author)
        do {
            let again = asked.count < due.count ? clock.now() + limits.backoffBase : nil
            return try await bring(blob, hash, to: asked, by: author, signing: secret, restNotBefore: again)
        } catch let error as BlobError {
            let isLost = error == .missing || error == .damaged
            // What is lost is fetched again, and brought then.
            if isLost { try await store.refetch(hash) }
            let again = clock.now() + (isLost ? limits.backoffMax : limits.backoffBase)
            try await store.updateBlob(hash) { $0?.due = again }
            return [:]
        }
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

    private func bring(
        _ blob: BlobRow, _ hash: Bytes32, to asked: [String], by author: UserID,
        signing key: SecretKey, restNotBefore earliest: Int64?
    ) async throws -> Failures {
        let file = MediaFile(hash: hash, size: Int64(blob.bytes), type: blob.contentType)
        let results = try await client.upload(file, to: asked, from: urls(of: blob).first, signing: key)
        try Task.checkCancellation()
        let now = clock.now()
        try await store.updateBlob(hash) { row in
            guard var blob = row else { return }
            for result in results {
                blob.servers[result.server, default: BlobRow.Upload()].take(result.outcome, at: now, limits)
            }
            blob.bringer = author
            blob.due = next(of: blob, earliest)
            row = blob
        }
        return results.reduce(into: [:]) { failures, result in
            if case .failed(let failure) = result.outcome { failures[result.server] = failure }
        }
    }

    /// When a server is to be asked the next time; not before `earliest`.
    private func next(of blob: BlobRow, _ earliest: Int64?) -> Int64? {
        let moments = servers.compactMap { server -> Int64? in
            guard let upload = blob.servers[server] else { return 0 }
            return upload.status == .pending ? upload.notBefore : nil
        }
        return moments.min().map { max($0, earliest ?? 0) }
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
