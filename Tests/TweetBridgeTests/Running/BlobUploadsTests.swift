// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOHTTP1
import NostrCore
import RelayTransport
import Testing
import TweetCore
import XStandIn

@testable import TweetBridge

/// From a post of X to Blossom servers, the daemon's own way.
@Suite(.timeLimit(.minutes(2))) struct BlobUploadsTests {
    /// Servers with faults, each on a port of its own.
    private func servers(
        _ faults: FaultyBlossom.Fault..., body: ([(server: FaultyBlossom, url: String)]) async throws -> Void
    ) async throws {
        try await servers(faults[...], [], body)
    }

    private func servers(
        _ faults: ArraySlice<FaultyBlossom.Fault>, _ made: [(FaultyBlossom, String)],
        _ body: ([(server: FaultyBlossom, url: String)]) async throws -> Void
    ) async throws {
        guard let fault = faults.first else { return try await body(made) }
        let server = FaultyBlossom(fault)
        try await RoutePort.run {
            server.route($0)
        } _: { port in
            try await servers(faults.dropFirst(), made + [(server, port.url)], body)
        }
    }

    @Test func `the media of a post reach every Blossom server before its note, which names all (D9, D10)`()
        async throws
    {
        try await servers(.none, .none) { servers in
            try await MediaScene.run(servers: servers.map(\.url)) { scene in
                try scene.post(photos: 2)
                try await scene.once()
                let note = try #require(try scene.scene.events().first)
                let hashes = Set(scene.hashes.map { Hex.string($0.bytes) })
                #expect(hashes.count == 2)
                for (server, url) in servers {
                    #expect(Set(server.stored.keys) == hashes)
                    #expect(
                        note.mediaFields.filter {
                            $0.hasPrefix("url \(url)/") || $0.hasPrefix("fallback \(url)/")
                        }
                        .count == 2)
                }
                #expect(note.content.contains(servers[0].url) && !note.content.contains(servers[1].url))
                let own = note.mediaFields.filter { $0.hasPrefix("fallback \(MediaScene.ownServer)/") }
                let atX = note.mediaFields.filter { $0.hasPrefix("fallback ") && $0.contains("/media/") }
                #expect(own.count == 2 && atX.count == 2)
                #expect(Set(note.mediaFields.filter { $0.hasPrefix("x ") }) == Set(hashes.map { "x \($0)" }))
            }
        }
    }

    @Test
    func
        `an upload is permitted by an event of kind 24242 for this blob and server, signed by the mirror (D10)`()
        async throws
    {
        try await servers(.none) { servers in
            try await MediaScene.run(servers: servers.map(\.url)) { scene in
                try scene.post()
                try await scene.once()
                let note = try #require(try scene.scene.events().first)
                let headers = servers[0].server.headers.flatMap { $0["Authorization"] }
                let tokens = try headers.compactMap { header in
                    try Base64.decode(header.dropFirst("Nostr ".count)).map { try Event.parse($0).event }
                }
                #expect(!tokens.isEmpty && tokens.count == headers.count)
                for token in tokens {
                    let tags = Dictionary(
                        token.tags.compactMap { tag in tag.value.map { (tag.elements[0].string, $0.string) } }
                    ) { $1 }
                    #expect(token.kind == 24_242 && token.pubkey == note.pubkey)
                    #expect(token.hasTrueID())
                    #expect(tags["t"] == "upload" && tags["server"] == "127.0.0.1")
                    #expect(tags["x"] == scene.hashes.first.map { Hex.string($0.bytes) })
                }
            }
        }
    }

    @Test func `a server that wants money is not paid, nor given its invoice back, nor named (D10)`()
        async throws
    {
        try await servers(.none, .status(402)) { servers in
            try await MediaScene.run(servers: servers.map(\.url)) { scene in
                try scene.post()
                for _ in 0..<3 { try await scene.once(after: .seconds(86_400)) }
                let (dear, url) = servers[1]
                #expect(dear.asked.filter { $0 == "PUT /mirror" || $0 == "PUT /upload" }.count == 1)
                #expect(dear.headers.allSatisfy { $0["X-Lightning"].isEmpty && $0["X-Cashu"].isEmpty })
                #expect(try !scene.scene.events().contains { $0.mediaFields.contains { $0.contains(url) } })
                #expect(scene.scene.observer.now.errors == ["bring a file to \(url): payment"])
                #expect(try await scene.store.retryFailedUploads() == 1)
            }
        }
    }

    @Test(arguments: [FaultyBlossom.Fault.wrongHash, .wrongSize, .noDescriptor])
    func `a server that tells of another blob is not believed (D10)`(fault: FaultyBlossom.Fault) async throws
    {
        try await servers(fault, .none) { servers in
            var limits = MediaLimits.patient
            limits.patience = 120_000
            try await MediaScene.run(servers: servers.map(\.url), limits) { scene in
                try scene.post()
                try await scene.once()
                // It may have it another time: the post waits, and then comes without that server.
                #expect(try scene.scene.texts() == [])
                try await scene.once(after: .seconds(120))
                let note = try #require(try scene.scene.events().first)
                #expect(note.content.contains(servers[1].url))
                #expect(!note.mediaFields.contains { $0.contains(servers[0].url) })
            }
        }
    }

    @Test func `a file that no post shows any more is deleted where it was brought, and then here`()
        async throws
    {
        try await servers(.none, .keeps(403), .keeps(503)) { servers in
            try await MediaScene.run(servers: servers.map(\.url)) { scene in
                let post = try scene.post()
                try await scene.once()
                try scene.scene.x.withWorld { try $0.delete(post) }
                try await scene.once(after: .seconds(7 * 3_600))
                // The third may do it another time: until then we know of the file.
                #expect(try await scene.tidy().removed == 0)
                #expect(servers.map(\.server.stored.count) == [0, 1, 1])
                #expect(try scene.store.blobs(limit: 9).map { Array($0.servers.keys) } == [[servers[2].url]])
                for _ in 1..<scene.limits.maxCopyAttempts { _ = try await scene.tidy() }
                #expect(scene.hashes.isEmpty)
                #expect(try scene.store.blobs(limit: 9).isEmpty)
            }
        }
    }

    @Test func `a server that is added gets what is here already`() async throws {
        try await servers(.none) { servers in
            try await MediaScene.run { scene in
                try scene.post()
                try await scene.once()
                let media = scene.kept(servers: servers.map(\.url))
                _ = try await media.work(
                    key: { _ in scene.key }, observer: scene.scene.observer, done: {})
                #expect(servers[0].server.stored.count == 1)
                // Nothing more is asked when nothing is new.
                let asked = servers[0].server.asked
                _ = try await media.work(
                    key: { _ in scene.key }, observer: scene.scene.observer, done: {})
                #expect(servers[0].server.asked == asked)
                await media.shutdown()
            }
        }
    }

    @Test func `a server that does not answer is asked about one file, and not about all`() async throws {
        try await servers(.none) { servers in
            // Nobody listens there.
            var limits = MediaLimits.patient
            limits.uploadsAtOnce = 1
            try await MediaScene.run(servers: ["http://127.0.0.1:1"] + servers.map(\.url), limits) { scene in
                try scene.post(photos: 4)
                try await scene.once()
                let rows = try scene.store.blobs(limit: 9)
                #expect(rows.count == 4 && servers[0].server.stored.count == 4)
                #expect(rows.map { $0.servers["http://127.0.0.1:1"]?.attempts ?? 0 }.reduce(0, +) == 1)
                #expect(try scene.scene.texts() == [])
                try await scene.once(after: .milliseconds(scene.limits.patience))
                #expect(try scene.scene.texts().first?.contains(servers[0].url) == true)
            }
        }
    }
}
