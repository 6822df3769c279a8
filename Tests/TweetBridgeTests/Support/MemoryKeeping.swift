// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import TweetBridge
import TweetCore

/// Keeps media and blobs in memory.
final class MemoryKeeping: MediaKeeping, BlobKeeping {
    private struct State {
        var media: [String: MediaRecord] = [:]
        var files: [String: MediaFile] = [:]
        var blobs: [Bytes32: KeptBlob] = [:]
        var touched = 0
        var lost: [Bytes32] = []
    }

    /// The disk of whoever keeps them is broken.
    struct Broken: Error {}

    private let state = NIOLockedValueBox(State())
    private let broken = NIOLockedValueBox(false)

    init(_ media: [Media] = [], at now: Int64 = 0) {
        state.withLockedValue { state in
            for medium in media {
                state.media[medium.key] = MediaRecord(medium, attempts: MediaAttempts(at: now))
            }
        }
    }

    var isBroken: Bool {
        get { broken.withLockedValue { $0 } }
        set { broken.withLockedValue { $0 = newValue } }
    }

    func record(_ key: String) -> MediaRecord? { state.withLockedValue { $0.media[key] } }
    func file(_ key: String) -> MediaFile? { state.withLockedValue { $0.files[key] } }
    var touches: Int { state.withLockedValue(\.touched) }
    var lostOnes: [Bytes32] { state.withLockedValue(\.lost) }

    func retry(_ key: String, at now: Int64) {
        state.withLockedValue { $0.media[key]?.attempts.retry(at: now) }
    }

    func change(_ hash: Bytes32, _ change: (inout KeptBlob) -> Void) {
        state.withLockedValue { state in
            guard var blob = state.blobs[hash] else { return }
            change(&blob)
            state.blobs[hash] = blob
        }
    }

    func put(_ blob: KeptBlob) { state.withLockedValue { $0.blobs[blob.hash] = blob } }

    private func work<Value>(_ work: (inout State) -> Value) throws -> Value {
        if isBroken { throw Broken() }
        return state.withLockedValue(work)
    }

    // MARK: Media

    func dueMedia(at moment: Int64, limit: Int) async throws -> [MediaRecord] {
        try work { state in
            Array(
                state.media.values.filter { $0.attempts.isDue(at: moment) }
                    .sorted {
                        ($0.attempts.notBefore, $0.medium.key) < ($1.attempts.notBefore, $1.medium.key)
                    }
                    .prefix(limit))
        }
    }

    func keep(_ attempts: MediaAttempts, of key: String, file: MediaFile?) async throws {
        try work { state in
            state.media[key]?.attempts = attempts
            guard let file else { return }
            state.files[key] = file
            if state.blobs[file.hash] == nil {
                state.blobs[file.hash] = KeptBlob(
                    hash: file.hash, size: file.size, type: file.type, uploaded: 0, isNamed: true)
            }
        }
    }

    // MARK: Blobs

    func blob(_ hash: Bytes32) async throws -> KeptBlob? { try work { $0.blobs[hash] } }

    func blobs(after: Bytes32?, limit: Int) async throws -> [KeptBlob] {
        try work { state in
            let rest = state.blobs.values.filter { blob in after.map { $0 < blob.hash } ?? true }
            return Array(rest.sorted { $0.hash < $1.hash }.prefix(limit))
        }
    }

    func add(_ blob: KeptBlob, owner: PublicKey) async throws -> AddedBlob {
        try work { state in
            var kept = state.blobs[blob.hash] ?? blob
            let isNew = state.blobs[blob.hash] == nil
            let isNewOwner = kept.owners.insert(owner).inserted
            state.blobs[blob.hash] = kept
            return AddedBlob(kept, isNew: isNew, isNewOwner: isNewOwner)
        }
    }

    func disown(_ hash: Bytes32, by owner: PublicKey) async throws -> KeptBlob? {
        try work { state in
            state.blobs[hash]?.owners.remove(owner)
            return state.blobs[hash]
        }
    }

    func forget(_ hash: Bytes32, isForced: Bool) async throws -> Bool {
        try work { state in
            guard let blob = state.blobs[hash], isForced || blob.owners.isEmpty && !blob.isNamed else {
                return false
            }
            state.blobs[hash] = nil
            return true
        }
    }

    func release(after last: Bytes32?, limit: Int) async throws -> Bytes32? { nil }

    func lost(_ hash: Bytes32) async throws { try work { $0.lost.append(hash) } }

    func touch(_ hash: Bytes32, at moment: Int64) async throws {
        try work { state in
            state.touched += 1
            state.blobs[hash]?.lastUsed = moment
        }
    }
}
