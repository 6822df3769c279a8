// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct BlossomMirrorTests {
    private static let hash = Sample.hash(Sample.mp4)

    private func mirror(
        _ url: String, at server: BlobServer, hashes: [String] = [hash], key: Int = 1
    ) async throws -> HTTPAnswer {
        try await server.ask(
            "PUT", "/mirror",
            ["Authorization": server.token(.upload, hashes, key: key), "Content-Type": "application/json"],
            body: Array(#"{"url":"\#(url)"}"#.utf8))
    }

    @Test func `a blob is copied from where it is, and is the same`() async throws {
        try await ScriptedHost.run({ _ in
            ScriptedHost.answer(200, ["Content-Type": "video/mp4"], body: Sample.mp4)
        }) { host in
            try await BlobServer.run(allowsPrivate: true) { server in
                let answer = try await mirror("\(host.url)/\(Self.hash).mp4", at: server)
                #expect(answer.status == 201 && answer.json?["sha256"] as? String == Self.hash)
                #expect(answer.json?["type"] as? String == "video/mp4")
                #expect(try await server.ask("GET", "/\(Self.hash)").body == Sample.mp4)
                // Nothing is fetched twice.
                #expect(try await mirror("\(host.url)/\(Self.hash).mp4", at: server).status == 200)
                #expect(try await mirror("\(host.url)/\(Self.hash).mp4", at: server, key: 2).status == 201)
                #expect(host.heads.count == 1)
                #expect(!host.heads[0].lowercased().contains("authorization"))
            }
        }
    }

    @Test func `nothing is fetched from our own network, however it is named`() async throws {
        try await ScriptedHost.run({ _ in ScriptedHost.answer(body: Sample.mp4) }) { host in
            try await BlobServer.run { server in
                for name in ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]"] {
                    let answer = try await mirror("http://\(name):\(host.port)/x", at: server)
                    #expect(answer.status == 403, "\(name)")
                }
                #expect(try await mirror("http://169.254.169.254/latest/meta-data", at: server).status == 403)
                #expect(host.heads.isEmpty)
            }
        }
    }

    @Test(arguments: [
        ("another", ScriptedHost.answer(body: Sample.jpeg), 409), ("missing", ScriptedHost.answer(404), 502),
        ("short", ScriptedHost.answer(200, [:], body: Sample.mp4, length: 9_000), 502),
        ("long", ScriptedHost.answer(200, [:], body: Sample.mp4, length: 200_000_000), 413),
        ("broken", ScriptedHost.answer(500), 502),
    ]) func `what is not there as it should be is not taken`(name: String, answer: [UInt8], status: Int)
        async throws
    {
        try await ScriptedHost.run({ _ in answer }) { host in
            try await BlobServer.run(allowsPrivate: true) { server in
                let answer = try await mirror("\(host.url)/x", at: server)
                #expect(answer.status == status && answer.reason != nil)
                #expect(server.place.unfinished.isEmpty)
                #expect(try await server.place.keeping.blobs(after: nil, limit: 1).isEmpty)
                #expect(server.server.room.share(of: TestKey.publicKey(1)) == BlobRoom.Share())
            }
        }
    }

    @Test func `a request that makes no sense is refused`() async throws {
        try await BlobServer.run { server async throws in
            for url in ["", "ftp://a.test/x", "http://u:p@a.test/", "nonsense", "file:///etc/passwd"] {
                #expect(try await mirror(url, at: server).status == 400, "\(url)")
            }
            #expect(try await mirror("http://a.test/", at: server, key: 3).status == 403)
            #expect(try await mirror("http://a.test/", at: server, hashes: []).status == 401)
            let long = "http://a.test/" + String(repeating: "a", count: 9_000)
            #expect(try await mirror(long, at: server).status == 413)
        }
    }
}
