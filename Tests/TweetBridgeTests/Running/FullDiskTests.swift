// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import Testing
import TweetCore

@testable import TweetBridge

/// Disks that are full while media are written: nothing is lost, and nothing half there.
@Suite(.timeLimit(.minutes(2))) struct FullDiskTests {
    @Test func `a post waits while the disk of its media is full, and comes when there is room`() async throws
    {
        try await MediaScene.run { scene in
            scene.breakDisk(ENOSPC)
            try scene.post(photos: 4)
            for _ in 0..<3 { try await scene.once() }
            #expect(try scene.scene.texts() == [])
            #expect(scene.hashes.isEmpty && scene.unfinished.isEmpty)
            #expect(scene.scene.observer.now.errors.contains { $0.contains("the disk is full") })
            #expect(
                try scene.media.allSatisfy { $0.download.attempts == 0 && $0.download.status == .pending })
            scene.breakDisk(nil)
            try await scene.once()
            let note = try #require(try scene.scene.events().first)
            #expect(scene.hashes.count == 4 && scene.unfinished.isEmpty)
            for hash in scene.hashes {
                #expect(note.content.contains("\(MediaScene.ownServer)/\(Hex.string(hash.bytes))"))
            }
        }
    }

    @Test func `whoever waited long enough comes with X's addresses, and the file is fetched all the same`()
        async throws
    {
        try await MediaScene.run { scene in
            scene.breakDisk(EIO)
            try scene.post()
            try await scene.once()
            #expect(try scene.scene.texts() == [])
            #expect(scene.scene.observer.now.errors.contains { $0.contains("does not take it") })
            try await scene.once(after: .milliseconds(scene.limits.patience))
            let note = try #require(try scene.scene.texts().first)
            #expect(note.contains("/media/") && !note.contains(MediaScene.ownServer))
            scene.breakDisk(nil)
            try await scene.once()
            #expect(scene.hashes.count == 1)
            #expect(try scene.scene.texts() == [note])
        }
    }

    @Test func `a file that the store could not be told of is fetched once more, or removed`() async throws {
        try await MediaScene.run { scene in
            scene.breakDisk(ENOSPC)
            try scene.post()
            try await scene.once()
            scene.breakDisk(nil)
            scene.scene.pass(.seconds(60))
            scene.breakStore(true)
            await #expect(throws: BridgeStoreError.self) { try await scene.work() }
            // It has its name, and nobody knows of it.
            #expect(scene.hashes.count == 1 && scene.unfinished.isEmpty)
            #expect(try scene.media.map(\.download.status) == [.pending])
            scene.breakStore(false)
            #expect(try await scene.tidy().unknown == 1)
            #expect(scene.hashes.isEmpty)
            try await scene.once()
            #expect(scene.hashes.count == 1)
            #expect(try scene.scene.texts().count == 1)
        }
    }
}
