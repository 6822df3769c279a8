// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct MediaRowTests {
    private let hash = SHA256.digest([1, 2, 3])

    private func world(media keys: String...) async throws -> BridgeWorld {
        let world = try BridgeWorld()
        let post = ReadPost.fixture(5) { snapshot in
            snapshot.post.mediaKeys = keys
            snapshot.media = keys.map { Media(key: $0, type: "photo") }
        }
        _ = try await world.store.store([post])
        return world
    }

    @Test func `media of a page are to be fetched, in the order in which they are due`() async throws {
        let world = try await world(media: "3_1", "3_2", "3_3")
        #expect(try world.store.dueMedia(limit: 9).map(\.media.key) == ["3_1", "3_2", "3_3"])
        try await world.store.updateMedia("3_1") { $0.download.notBefore = world.now + 50 }
        try await world.store.updateMedia("3_2") { row in
            row.download.status = .failed
            row.download.attempts = 3
        }
        #expect(try world.store.dueMedia(limit: 9).map(\.media.key) == ["3_3"])
        #expect(try world.store.dueMedia(at: world.now + 50, limit: 9).map(\.media.key) == ["3_3", "3_1"])
        #expect(try world.store.nextMedia() == world.now)
        #expect(try world.store.failedMedia(limit: 9).map(\.media.key) == ["3_2"])
        #expect(try world.store.allMedia(after: "3_1", limit: 1).map(\.media.key) == ["3_2"])
    }

    @Test func `those that failed are tried again when somebody says so`() async throws {
        let world = try await world(media: "3_1", "3_2")
        for key in ["3_1", "3_2"] {
            try await world.store.updateMedia(key) { row in
                row.download.status = .failed
                row.download.attempts = 3
            }
        }
        #expect(try await world.store.retryFailedMedia() == 2)
        #expect(try await world.store.retryFailedMedia() == 0)
        #expect(try world.store.dueMedia(limit: 9).map(\.download.attempts) == [0, 0])
    }

    @Test func `a file is kept once for all media that it is, and knows them`() async throws {
        let world = try await world(media: "3_1", "3_2")
        let blob = BlobRow(hash: hash, path: "ab/cd/x", bytes: 3, contentType: "image/png", at: world.now)
        for key in ["3_1", "3_2"] {
            try await world.store.updateMedia(key, blob: blob) { row in
                row.download.status = .ok
                row.download.hash = blob.hash
            }
        }
        #expect(try world.store.blob(hash)?.media == ["3_1", "3_2"])
        #expect(try world.store.dueMedia(limit: 9).isEmpty)
        // What was read again does not fetch it again.
        let post = ReadPost.fixture(5) { snapshot in
            snapshot.post.mediaKeys = ["3_1"]
            var media = Media(key: "3_1", type: "photo")
            media.url = "https://pbs.twimg.com/x.jpg"
            snapshot.media = [media]
        }
        _ = try await world.store.store([post])
        #expect(try world.store.media("3_1")?.download.status == .ok)
        #expect(try world.store.media("3_1")?.media.url != nil)
        try await world.store.updateMedia("3_1") { row in
            row.download.status = .dropped
            row.download.hash = nil
        }
        #expect(try world.store.blob(hash)?.media == ["3_2"])
        #expect(try world.store.blobs(limit: 9).count == 1)
        #expect(try await world.store.updateBlob(hash) { $0 = nil } == nil)
        #expect(try world.store.blobs(limit: 9).isEmpty)
    }

    @Test func `how far a file is on its way to servers is kept with it`() async throws {
        let world = try BridgeWorld()
        let server = "https://blossom.test"
        try await world.store.updateBlob(hash) { blob in
            blob = BlobRow(hash: hash, path: "p", bytes: 1, contentType: "x", at: 0)
            blob?.servers[server] = BlobRow.Upload()
        }
        try await world.store.updateBlob(hash) { $0?.servers[server]?.status = .stored }
        #expect(try world.store.blob(hash)?.servers[server]?.status == .stored)
    }
}
