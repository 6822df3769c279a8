// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct BridgeFilesTests {
    private let hash = SHA256.digest([1, 2, 3])
    private var blob: KeptBlob { KeptBlob(hash: hash, size: 3, type: "image/png", uploaded: 1_700_000_000) }

    @Test func `an attempt is kept with the file that it brought`() async throws {
        let world = try BridgeWorld()
        let files = BridgeFiles(world.store)
        let post = ReadPost.fixture(5) { snapshot in
            snapshot.post.mediaKeys = ["3_1"]
            snapshot.media = [Media(key: "3_1", type: "photo")]
        }
        _ = try await world.store.store([post], todo: [TodoRequest(PostID(5))])
        var record = try #require(try await files.dueMedia(at: world.now, limit: 9).first)
        record.attempts.failed(.short, at: world.now, MediaLimits())
        try await files.keep(record.attempts, of: "3_1", file: nil)
        #expect(try await files.dueMedia(at: world.now, limit: 9).isEmpty)
        #expect(try world.store.media("3_1")?.download.attempts == 1)
        #expect(
            try await files.dueMedia(at: world.now + 86_400_000, limit: 9) == [
                MediaRecord(record.medium, attempts: kept(record.attempts))
            ])
        record.attempts.succeeded(at: world.now)
        try await files.keep(
            record.attempts, of: "3_1", file: MediaFile(hash: hash, size: 3, type: "image/png"))
        #expect(try world.store.media("3_1")?.download.status == .ok)
        let blob = try #require(try await files.blob(hash))
        #expect(blob.isNamed && blob.owners.isEmpty && blob.size == 3)
        #expect(try await !files.forget(hash, isForced: false))
        #expect(try await files.forget(hash, isForced: true))
    }

    /// As it comes back: why it failed is for people alone.
    private func kept(_ attempts: MediaAttempts) -> MediaAttempts {
        MediaAttempts(
            attempts.state, attempts: attempts.attempts, notBefore: attempts.notBefore,
            lastAttempt: attempts.lastAttempt, lastSuccess: attempts.lastSuccess)
    }

    @Test func `a blob has its owners, and goes when nobody wants it`() async throws {
        let world = try BridgeWorld()
        let files = BridgeFiles(world.store)
        let (ann, bob) = (TestKey.publicKey(1), TestKey.publicKey(2))
        let first = try await files.add(blob, owner: ann)
        #expect(first.isNew && first.isNewOwner && first.blob.owners == [ann])
        let again = try await files.add(blob, owner: ann)
        #expect(!again.isNew && !again.isNewOwner)
        #expect(try await files.add(blob, owner: bob).blob.owners == [ann, bob])
        #expect(try await files.blobs(after: nil, limit: 9).map(\.hash) == [hash])
        try await files.touch(hash, at: 1_800_000_000)
        #expect(try await files.blob(hash)?.lastUsed == 1_800_000_000)
        #expect(try await files.disown(hash, by: ann)?.owners == [bob])
        #expect(try await !files.forget(hash, isForced: false))
        #expect(try await files.disown(hash, by: bob)?.owners == [])
        #expect(try await files.forget(hash, isForced: false))
        #expect(try await files.blob(hash) == nil)
        #expect(try await files.disown(hash, by: bob) == nil)
    }
}
