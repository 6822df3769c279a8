// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import TweetCore

/// What the bridge's store knows of media and files, in the words of those who fetch and serve them.
public struct BridgeFiles: MediaKeeping, BlobKeeping {
    private let store: BridgeStore

    public init(_ store: BridgeStore) { self.store = store }

    // MARK: Media

    public func dueMedia(at moment: Int64, limit: Int) async throws -> [MediaRecord] {
        while true {
            let due = try store.dueMedia(at: moment, limit: limit)
            var wanted: [MediaRecord] = []
            for row in due {
                if try store.isShown(row.media.key) {
                    wanted.append(MediaRecord(row.media, attempts: row.download.attemptsMade))
                } else {
                    // Whoever shows it later has it fetched then.
                    try await store.updateMedia(row.media.key) { $0.download.status = .dropped }
                }
            }
            if !wanted.isEmpty || due.isEmpty { return wanted }
        }
    }

    public func keep(_ attempts: MediaAttempts, of key: String, file: MediaFile?) async throws {
        let now = store.now()
        let blob = file.map {
            BlobRow(hash: $0.hash, path: $0.hash.blobPath, bytes: Int($0.size), contentType: $0.type, at: now)
        }
        try await store.updateMedia(key, blob: blob) { row in
            row.download.take(attempts)
            guard let file else { return }
            row.download.hash = file.sha256
            row.download.bytes = Int(file.size)
            row.download.contentType = file.type
        }
    }

    // MARK: Blobs

    public func blob(_ hash: Bytes32) async throws -> KeptBlob? { try store.blob(hash)?.kept }

    public func blobs(after: Bytes32?, limit: Int) async throws -> [KeptBlob] {
        try store.blobs(after: after, limit: limit).compactMap(\.kept)
    }

    public func add(_ blob: KeptBlob, owner: PublicKey) async throws -> AddedBlob {
        var (isNew, isNewOwner) = (false, false)
        let row = try await store.updateBlob(blob.hash) { row in
            isNew = row == nil
            var kept =
                row
                ?? BlobRow(
                    hash: blob.hash, path: blob.hash.blobPath, bytes: Int(blob.size), contentType: blob.type,
                    at: blob.uploaded * 1_000)
            isNewOwner = kept.owners.count < BlobRow.mostReferences && kept.owners.insert(owner.hex).inserted
            kept.lastUsed = max(kept.lastUsed, blob.lastUsed * 1_000)
            row = kept
        }
        return AddedBlob(row?.kept ?? blob, isNew: isNew, isNewOwner: isNewOwner)
    }

    public func disown(_ hash: Bytes32, by owner: PublicKey) async throws -> KeptBlob? {
        try await store.updateBlob(hash) { $0?.owners.remove(owner.hex) }?.kept
    }

    public func forget(_ hash: Bytes32, isForced: Bool) async throws -> Bool {
        try await store.forgetBlob(hash, isForced: isForced)
    }

    public func release(after last: Bytes32?, limit: Int) async throws -> Bytes32? {
        try await store.releaseMedia(after: last, limit: limit)
    }

    public func lost(_ hash: Bytes32) async throws { try await store.refetch(hash) }

    public func touch(_ hash: Bytes32, at moment: Int64) async throws {
        try await store.updateBlob(hash) { row in
            guard let lastUsed = row?.lastUsed else { return }
            row?.lastUsed = max(lastUsed, moment * 1_000)
        }
    }
}

extension BlobRow {
    fileprivate var kept: KeptBlob? {
        guard let bytes32 else { return nil }
        var blob = KeptBlob(
            hash: bytes32, size: Int64(bytes), type: contentType, uploaded: createdAt / 1_000,
            owners: Set(owners.compactMap { PublicKey(hex: $0) }), isNamed: !media.isEmpty)
        blob.lastUsed = lastUsed / 1_000
        blob.isTravelling = isTravelling
        return blob
    }
}

extension Bytes32 {
    /// Below the media directory.
    fileprivate var blobPath: String {
        let hex = Hex.string(bytes)
        return "\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))/\(hex)"
    }
}

extension MediaRow.Download {
    fileprivate var attemptsMade: MediaAttempts {
        MediaAttempts(
            status.state, attempts: attempts, notBefore: notBefore, lastAttempt: lastAttempt,
            lastSuccess: lastSuccess)
    }

    fileprivate mutating func take(_ made: MediaAttempts) {
        status = Status(made.state)
        (attempts, notBefore) = (made.attempts, made.notBefore)
        (lastAttempt, lastSuccess) = (made.lastAttempt, made.lastSuccess)
        lastError = made.failure.map { String("\($0)".prefix(200)) }
    }
}

extension MediaRow.Download.Status {
    fileprivate init(_ state: MediaAttempts.State) {
        switch state {
        case .pending: self = .pending
        case .stored: self = .ok
        case .failed: self = .failed
        case .dropped: self = .dropped
        }
    }

    fileprivate var state: MediaAttempts.State {
        switch self {
        case .pending: .pending
        case .ok: .stored
        case .failed: .failed
        case .dropped: .dropped
        }
    }
}
