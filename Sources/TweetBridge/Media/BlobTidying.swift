// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import TweetCore

/// Removes files that no mirrored post shows any more or that are kept long enough, and those that nothing knows of, as a
/// crash may leave them.
public struct BlobTidying: Sendable {
    /// What a round did.
    public struct Round: Hashable, Sendable {
        public var removed = 0
        /// **Bytes** of them.
        public var bytes: Int64 = 0
        /// Files that nothing knew of.
        public var unknown = 0

        public init() {}
    }

    private let files: BlobFiles
    private let keeping: any BlobKeeping
    private let limits: MediaLimits
    private let now: @Sendable () -> Timestamp

    public init(
        _ files: BlobFiles, keeping: any BlobKeeping, limits: MediaLimits,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.files = files
        self.keeping = keeping
        self.limits = limits
        self.now = now
    }

    /// Looks which blobs no mirrored post shows any more.
    public func release() async throws {
        var last: Bytes32?
        repeat {
            try Task.checkCancellation()
            last = try await keeping.release(after: last, limit: limits.tidiedAtOnce)
        } while last != nil
    }

    /// Removes what may go by ``BlobRetention``; nothing that has an owner, or is still to be brought somewhere.
    public func tidy() async throws -> Round {
        var round = Round()
        var (retention, last) = (BlobRetention(limits, at: now().seconds), Bytes32?.none)
        repeat {
            try Task.checkCancellation()
            let page = try await keeping.blobs(after: last, limit: limits.tidiedAtOnce)
            for blob in page {
                retention.add(
                    blob.hash, size: blob.size, lastUsed: blob.lastUsed, isNamed: blob.isNamed,
                    isFree: blob.isFree)
            }
            last = page.last?.hash
        } while last != nil
        for hash in retention.chosen() {
            try Task.checkCancellation()
            let bytes = try await remove(hash)
            if let bytes {
                round.removed += 1
                round.bytes += bytes
            }
        }
        return round
    }

    /// First it is forgotten, then it goes: what is known is here.
    private func remove(_ hash: Bytes32) async throws -> Int64? {
        try await files.alone(with: hash) {
            guard let blob = try await keeping.blob(hash), blob.isFree,
                try await keeping.forget(
                    hash, isForced: limits.keptSeconds != nil || limits.maxTotalBytes != nil)
            else { return nil }
            _ = try await BlobWriter.aside { [files] () throws(BlobError) in try files.remove(hash) }
            return blob.size
        }
    }

    /// Removes files of which nothing is kept; 256 steps, each of which reads some directories.
    public func removeUnknown() async throws -> Round {
        var round = Round()
        for byte in UInt8.min...UInt8.max {
            try Task.checkCancellation()
            let hashes = try await BlobWriter.aside { [files] () throws(BlobError) in
                files.hashes(beginningWith: byte)
            }
            for hash in hashes {
                let isGone = try await files.alone(with: hash) {
                    guard try await keeping.blob(hash) == nil else { return false }
                    return try await BlobWriter.aside { [files] () throws(BlobError) in try files.remove(hash)
                    }
                }
                if isGone { round.unknown += 1 }
            }
        }
        return round
    }
}

extension KeptBlob {
    /// Whether retention may take it.
    fileprivate var isFree: Bool { owners.isEmpty && !isTravelling }
}
