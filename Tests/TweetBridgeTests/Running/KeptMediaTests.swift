// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOHTTP1
import NostrCore
import RelayTransport
import Testing
import TweetCore
import XStandIn

@testable import TweetBridge

/// How long files stay, and how they come back.
@Suite(.timeLimit(.minutes(2))) struct KeptMediaTests {
    @Test func `a file goes with the last post that shows it`() async throws {
        try await MediaScene.run { scene in
            let post = try scene.post("goes")
            try await scene.once()
            try scene.post("stays")
            try await scene.once()
            #expect(scene.hashes.count == 2)
            #expect(try await scene.tidy() == BlobTidying.Round())
            try scene.scene.x.withWorld { try $0.delete(post) }
            try await scene.once(after: .seconds(7 * 3_600))
            #expect(try scene.scene.texts().count == 1)
            let round = try await scene.tidy()
            #expect(round.removed == 1 && round.bytes > 0 && round.unknown == 0)
            #expect(
                try scene.media.map(\.download.status).sorted { $0.rawValue < $1.rawValue } == [
                    .dropped, .ok,
                ])
            let note = try #require(try scene.scene.texts().first)
            #expect(scene.hashes.count == 1 && note.contains(Hex.string(scene.hashes[0].bytes)))
        }
    }

    @Test func `a file stays while a post shows it that refers to its post`() async throws {
        let world = try BridgeWorld()
        var quoted = Snapshot(Post(id: PostID(4), text: "quoted"))
        quoted.post.author = UserID(11)
        quoted.media = [Media(key: "3_4", type: "photo")]
        let post = ReadPost.fixture(5) { [quoted] in $0.referenced = [quoted] }
        _ = try await world.store.store([post])
        #expect(try !world.store.isShown("3_4"))
        _ = try await world.store.store([post], todo: [TodoRequest(PostID(5))])
        #expect(try world.store.isShown("3_4"))
        _ = try await world.store.publish(.of(5))
        #expect(try world.store.isShown("3_4") && !world.store.isShown("3_40"))
    }

    @Test func `of a film the one of the highest bit rate is kept, and no list of pieces`() async throws {
        try await MediaScene.run { scene in
            let film = try scene.scene.x.withWorld { try $0.addMedia(XMediaDraft(.video)) }
            try scene.post("Watch", showing: [film])
            try await scene.once()
            let blob = try #require(try scene.store.blobs(limit: 9).first)
            // The stand-in makes the best one twice as long as the others.
            #expect(blob.bytes == 2 * XMediaDraft(.video).size && blob.contentType == "video/mp4")
            #expect(scene.hashes.count == 1)
            let note = try #require(try scene.scene.events().first)
            #expect(note.mediaFields.contains("m video/mp4") && note.mediaFields.contains("bitrate 2176000"))
            #expect(!note.mediaFields.contains { $0.contains("m3u8") })
        }
    }

    @Test func `what no post shows is not fetched`() async throws {
        let world = try BridgeWorld()
        let files = BridgeFiles(world.store)
        let post = ReadPost.fixture(5) { $0.media = [Media(key: "3_1", type: "photo")] }
        _ = try await world.store.store([post])
        #expect(try await files.dueMedia(at: world.now, limit: 9).isEmpty)
        #expect(try world.store.media("3_1")?.download.status == .dropped)
    }

    @Test func `a file that retention took is fetched again for the next post that shows it`() async throws {
        var limits = MediaLimits.patient
        limits.keptSeconds = 86_400
        try await MediaScene.run(limits) { scene in
            let picture = try scene.picture()
            try scene.post("first", showing: [picture])
            try await scene.once()
            scene.scene.pass(.seconds(2 * 86_400))
            #expect(try await scene.tidy().removed == 1)
            #expect(scene.hashes.isEmpty)
            try scene.post("again", showing: [picture])
            // It turns out to be missing when the note is about to be made.
            for _ in 0..<2 { try await scene.once() }
            #expect(scene.hashes.count == 1)
            #expect(try scene.scene.texts().last?.contains(Hex.string(scene.hashes[0].bytes)) == true)
        }
    }

    @Test func `a file that was damaged or lost is fetched again when somebody asks for it`() async throws {
        try await MediaScene.run { scene in
            try scene.post()
            try await scene.once()
            let hash = try #require(scene.hashes.first)
            try Data([1, 2, 3]).write(to: URL(filePath: scene.files.path(of: hash)))
            let media = scene.kept()
            let served = media.server { _ in false }
            let server = try #require(served)
            let request = HTTPRequest(target: "/\(Hex.string(hash.bytes))")
            await #expect(throws: BlossomServer.notHere) { try await server.give(hash, request) }
            scene.scene.pass(.seconds(1))
            try await scene.work()
            let answer = try await server.give(hash, request)
            #expect(answer.status == .ok)
            await media.shutdown()
        }
    }
}
