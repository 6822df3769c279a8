// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NIOHTTP1
import NostrCore
import RelayTransport
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct BlossomServerTests {
    private static let hash = Sample.hash(Sample.jpeg)

    @Test func `what was uploaded is given out, by its hash with any ending`() async throws {
        try await BlobServer.run { server async throws in
            let answer = try await server.upload(Sample.jpeg)
            #expect(answer.status == 201)
            let json = try #require(answer.json)
            #expect(json["url"] as? String == "\(server.port.url)/\(Self.hash).jpg")
            #expect(json["sha256"] as? String == Self.hash && json["size"] as? Int == 2_004)
            #expect(json["type"] as? String == "image/jpeg" && json["uploaded"] as? Int ?? 0 > 1_700_000_000)
            #expect((json["nip94"] as? [[String]])?.contains(["x", Self.hash]) == true)
            for path in ["/\(Self.hash)", "/\(Self.hash).jpg", "/\(Self.hash).tar.gz"] {
                let given = try await server.ask("GET", path)
                #expect(given.status == 200 && given.body == Sample.jpeg)
                #expect(
                    given.headers["content-type"] == "image/jpeg"
                        && given.headers["etag"] == "\"\(Self.hash)\"")
            }
            let head = try await server.ask("HEAD", "/\(Self.hash)")
            #expect(head.status == 200 && head.headers["content-length"] == "2004")
            #expect(head.headers["accept-ranges"] == "bytes" && head.body.isEmpty)
            let part = try await server.ask("GET", "/\(Self.hash)", ["Range": "bytes=4-7"])
            #expect(part.status == 206 && part.body == Array(Sample.jpeg[4...7]))
            let again = try await server.upload(Sample.jpeg)
            #expect(again.status == 200 && again.json?["url"] as? String == json["url"] as? String)
            #expect(server.place.unfinished.isEmpty)
        }
    }

    @Test func `everybody may read, from any page, and ask what may be asked`() async throws {
        try await BlobServer.run { server async throws in
            try await server.upload(Sample.jpeg)
            for path in ["/\(Self.hash)", "/\(String(repeating: "0", count: 64))"] {
                #expect(try await server.ask("GET", path).headers["access-control-allow-origin"] == "*")
            }
            let headers = BlossomServer.headers
            #expect(
                headers[canonicalForm: "Access-Control-Allow-Methods"] == [
                    "GET", "HEAD", "PUT", "DELETE", "OPTIONS",
                ])
            #expect(headers[canonicalForm: "Access-Control-Allow-Headers"].first == "Authorization")
        }
    }

    @Test func `nothing that was uploaded acts in the name of our pages`() async throws {
        try await BlobServer.run { server async throws in
            for (bytes, type) in [
                (Sample.page, "text/html"), (Array("<svg/>".utf8), "image/svg+xml"), ([1], "x/y"),
            ] {
                try await server.upload(bytes, type: type)
                let given = try await server.ask("GET", "/\(Sample.hash(bytes))")
                #expect(
                    given.headers["content-type"] == type
                        && given.headers["x-content-type-options"] == "nosniff")
                #expect(given.headers["content-security-policy"]?.hasPrefix("sandbox;") == true, "\(type)")
            }
            try await server.upload(Sample.jpeg)
            #expect(try await server.ask("GET", "/\(Self.hash)").headers["content-security-policy"] == nil)
        }
    }

    @Test func `a type that is not told is seen by the first bytes`() async throws {
        try await BlobServer.run { server async throws in
            #expect(try await server.upload(Sample.png, type: nil).json?["type"] as? String == "image/png")
            let unknown = try await server.upload([1, 2, 3], type: "application/octet-stream")
            #expect(unknown.json?["type"] as? String == "application/octet-stream")
            #expect((unknown.json?["url"] as? String)?.hasSuffix(".bin") == true)
        }
    }

    @Test func `uploads need a token for just this blob, server and purpose`() async throws {
        try await BlobServer.run { server async throws in
            let other = String(repeating: "0", count: 64)
            for (name, token, status) in [
                ("none", "", 401), ("nonsense", "Nostr abc", 401),
                ("delete", server.token(.delete, [Self.hash]), 401),
                ("other blob", server.token(.upload, [other]), 401),
                ("no blob", server.token(.upload, []), 401),
                ("other server", server.token(.upload, [Self.hash], servers: ["cdn.test"]), 401),
                ("stranger", server.token(.upload, [Self.hash], key: 3), 403),
                ("several", server.token(.upload, [other, Self.hash]), 201),
            ] {
                let answer = try await server.upload(Sample.jpeg, ["Authorization": token])
                #expect(answer.status == status, "\(name): \(answer.text)")
                #expect((answer.reason != nil) == (status >= 400), "\(name)")
            }
            // Without X-SHA-256 the body itself is what counts.
            let fields = ["Authorization": server.token(.upload, [other])]
            #expect(try await server.ask("PUT", "/upload", fields, body: Sample.png).status == 401)
            #expect(server.place.unfinished.isEmpty)
        }
    }

    @Test func `what cannot be taken has its own answer`() async throws {
        try await BlobServer.run(configure: {
            $0.limits.maxBlobBytes = 3_000
            $0.types = ["image/", "video/mp4"]
        }) { server async throws in
            #expect(try await server.upload(Sample.jpeg, ["X-SHA-256": "abc"]).status == 400)
            let other = String(repeating: "0", count: 64)
            let mismatch = try await server.upload(
                Sample.jpeg,
                ["X-SHA-256": other, "Authorization": server.token(.upload, [other, Self.hash])])
            #expect(mismatch.status == 409)
            #expect(try await server.upload(Sample.mp4, type: "video/mp4").status == 413)
            let chunked = try await server.upload(
                Array("bbb\r\n".utf8) + Sample.mp4, type: "video/mp4",
                ["Transfer-Encoding": "chunked", "Content-Length": "0"])
            #expect([400, 413].contains(chunked.status))
            #expect(try await server.upload(Sample.page, type: "text/html").status == 415)
            #expect(try await server.ask("PUT", "/upload").status == 400)
            #expect(try await server.ask("PUT", "/media").status == 404)
            #expect(try await server.ask("GET", "/upload").status == 405)
            #expect(try await server.ask("GET", "/\(Self.hash.dropLast())").status == 404)
            #expect(try await server.ask("GET", "/\(Self.hash.uppercased())").status == 404)
            #expect(server.place.unfinished.isEmpty)
        }
    }

    @Test func `a key has room for so much, and all together for so much`() async throws {
        try await BlobServer.run(configure: {
            $0.limits.maxBytesPerKey = 2_500
            $0.limits.maxTotalBytes = 4_000
            $0.limits.maxBlobsPerKey = 2
        }) { server async throws in
            #expect(try await server.upload(Sample.jpeg).status == 201)
            #expect(try await server.upload(Sample.png).status == 429)
            #expect(try await server.upload(Sample.png, key: 2).status == 201)
            let more = [UInt8](repeating: 1, count: 1_500)
            #expect(try await server.upload(more, key: 2).status == 507)
            #expect(try await server.upload([1], key: 2).status == 201)
            #expect(try await server.upload([2], key: 2).status == 429)
            let delete = ["Authorization": server.token(.delete, [Self.hash])]
            #expect(try await server.ask("DELETE", "/\(Self.hash)", delete).status == 204)
            #expect(try await server.upload(Sample.png).status == 201)
            #expect(server.server.room.share(of: TestKey.publicKey(1)).bytes == 908)
            #expect(server.server.room.total == 909)
        }
    }

    @Test func `a preflight says what an upload would get`() async throws {
        try await BlobServer.run(configure: { $0.limits.maxBlobBytes = 3_000 }) { server async throws in
            var fields = [
                "Authorization": server.token(.upload, [Self.hash]), "X-SHA-256": Self.hash,
                "X-Content-Length": "2004",
                "X-Content-Type": "image/jpeg",
            ]
            #expect(try await server.ask("HEAD", "/upload", fields).status == 200)
            for (name, value, status) in [
                ("X-Content-Length", "3001", 413), ("X-Content-Length", "x", 400), ("X-SHA-256", "x", 400),
                ("Authorization", "", 401),
                ("Authorization", server.token(.upload, [Self.hash], key: 3), 403),
            ] {
                let answer = try await server.ask("HEAD", "/upload", fields.merging([name: value]) { $1 })
                #expect(answer.status == status && answer.reason != nil, "\(name) \(value)")
            }
            fields["X-Content-Length"] = nil
            #expect(try await server.ask("HEAD", "/upload", fields).status == 411)
        }
    }

    @Test func `a blob goes when its last owner deletes it`() async throws {
        try await BlobServer.run { server async throws in
            try await server.upload(Sample.jpeg, key: 1)
            try await server.upload(Sample.jpeg, key: 2)
            let path = "/\(Self.hash)"
            func delete(_ key: Int, _ hashes: [String] = [Self.hash]) async throws -> Int {
                try await server.ask(
                    "DELETE", path, ["Authorization": server.token(.delete, hashes, key: key)]
                ).status
            }
            #expect(try await delete(3) == 403)
            #expect(try await delete(1, [String(repeating: "0", count: 64)]) == 401)
            #expect(try await server.ask("DELETE", path).status == 401)
            #expect(try await delete(1) == 204)
            #expect(try await server.ask("GET", path).status == 200)
            #expect(try await delete(1) == 403)
            #expect(try await delete(2) == 204)
            #expect(try await server.ask("GET", path).status == 404)
            #expect(try await delete(2) == 404)
            #expect(server.place.files.size(of: SHA256.digest(Sample.jpeg)) == nil)
        }
    }

    @Test func `what a mirrored post names stays, unless the operator deletes it`() async throws {
        try await BlobServer.run { server async throws in
            try await server.upload(Sample.jpeg)
            server.place.keeping.change(SHA256.digest(Sample.jpeg)) { $0.isNamed = true }
            let path = "/\(Self.hash)"
            #expect(
                try await server.ask("DELETE", path, ["Authorization": server.token(.delete, [Self.hash])])
                    .status == 204)
            #expect(try await server.ask("GET", path).status == 200)
            let master = ["Authorization": server.token(.delete, [Self.hash], key: 9)]
            #expect(try await server.ask("DELETE", path, master).status == 204)
            #expect(try await server.ask("GET", path).status == 404)
        }
    }

    @Test func `lists are off, and come in pages where they are on`() async throws {
        let key = TestKey.publicKey(1).hex
        try await BlobServer.run { server async throws in
            #expect(try await server.ask("GET", "/list/\(key)").status == 404)
        }
        try await BlobServer.run(configure: { $0.lists = true }) { server async throws in
            for number in 0..<5 {
                try await server.upload([UInt8(number)])
                server.place.keeping.change(SHA256.digest([UInt8(number)])) {
                    $0.uploaded = 1_000 + Int64(number)
                }
            }
            try await server.upload([9], key: 2)
            let all = try #require(try await server.ask("GET", "/list/\(key)").list)
            #expect(all.map { $0["uploaded"] as? Int } == [1_004, 1_003, 1_002, 1_001, 1_000])
            let cursor = try #require(all[1]["sha256"] as? String)
            let page = try await server.ask("GET", "/list/\(key)?limit=2&cursor=\(cursor)").list
            #expect(page?.map { $0["uploaded"] as? Int } == [1_002, 1_001])
            #expect(try await server.ask("GET", "/list/abc").status == 400)
            #expect(try await server.ask("GET", "/list/\(key)?limit=0").status == 400)
        }
    }

    @Test func `a damaged file is not given out`() async throws {
        try await BlobServer.run { server async throws in
            try await server.upload(Sample.jpeg)
            let path = server.place.files.path(of: SHA256.digest(Sample.jpeg))
            try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path))
            #expect(try await server.ask("GET", "/\(Self.hash)").status == 404)
            #expect(try await server.upload(Sample.jpeg).status == 200)
            #expect(try await server.ask("GET", "/\(Self.hash)").status == 200)
        }
    }

    @Test func `a full disk and a broken store are said, and nothing is half there`() async throws {
        let isFull = NIOLockedValueBox(true)
        var calls = FileCalls.system
        calls.write = { descriptor, bytes in
            guard isFull.withLockedValue({ $0 }) else { return FileCalls.system.write(descriptor, bytes) }
            errno = ENOSPC
            return -1
        }
        try await BlobServer.run(calls: calls) { server async throws in
            #expect(try await server.upload(Sample.jpeg).status == 507)
            #expect(server.place.unfinished.isEmpty)
            isFull.withLockedValue { $0 = false }
            server.place.keeping.isBroken = true
            #expect(try await server.upload(Sample.jpeg).status == 503)
            server.place.keeping.isBroken = false
            #expect(try await server.ask("GET", "/\(Self.hash)").status == 404)
            #expect(try await server.upload(Sample.jpeg).status == 201)
            #expect(
                server.server.room.share(of: TestKey.publicKey(1)) == BlobRoom.Share(blobs: 1, bytes: 2_004))
        }
    }
}
