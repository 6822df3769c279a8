// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOCore
import NIOHTTP1
import RelayTransport
import TestSupport
import Testing

@Suite struct FileAnswerTests {
    private static let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    /// Serves `/file`, a million bytes, and says hi to everybody else.
    private func serve(
        _ limits: TransportLimits = .patient, _ body: (TestServer, String) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory("file-answers")
        let path = directory.file("file")
        try Data(Self.bytes).write(to: URL(fileURLWithPath: path))
        try await TestServer.run(
            limits,
            reply: { request in
                guard request.path == "/file" else {
                    return .now(HTTPResponse(contentType: "text/plain", text: "hi"))
                }
                return .later {
                    guard let file = try? HTTPFile(path: path) else { return HTTPResponse(status: .notFound) }
                    return .file(file, tag: "t1", for: request, headers: ["Content-Type": "video/mp4"])
                }
            }
        ) { try await body($0, path) }
    }

    @Test func `a file arrives whole, with its length and its name`() async throws {
        try await serve { server, _ in
            let answer = try await HTTPAnswer.get("/file", from: server.port)
            #expect(answer.status == 200 && answer.body == Self.bytes)
            #expect(answer.headers["content-length"] == "1000000")
            #expect(answer.headers["etag"] == "\"t1\"" && answer.headers["accept-ranges"] == "bytes")
            #expect(answer.headers["content-type"] == "video/mp4")
        }
    }

    @Test func `HEAD tells the same and sends nothing`() async throws {
        try await serve { server, _ in
            let answer = try await HTTPAnswer.get(
                "/file", from: server.port, method: "HEAD", headers: ["Range": "bytes=0-1"])
            #expect(answer.status == 200 && answer.body.isEmpty)
            #expect(answer.headers["content-length"] == "1000000")
        }
    }

    @Test(arguments: [
        ("bytes=0-0", 0..<1), ("bytes=999000-", 999_000..<1_000_000), ("bytes=-5", 999_995..<1_000_000),
        ("bytes=100-399999", 100..<400_000),
    ]) func `one range is answered with that part`(range: String, part: Range<Int>) async throws {
        try await serve { server, _ in
            let answer = try await HTTPAnswer.get("/file", from: server.port, headers: ["Range": range])
            #expect(answer.status == 206 && answer.body == Array(Self.bytes[part]))
            #expect(
                answer.headers["content-range"] == "bytes \(part.lowerBound)-\(part.upperBound - 1)/1000000")
        }
    }

    @Test func `a range that is not there gets 416 and the size`() async throws {
        try await serve { server, _ in
            let answer = try await HTTPAnswer.get(
                "/file", from: server.port, headers: ["Range": "bytes=1000000-"])
            #expect(answer.status == 416 && answer.headers["content-range"] == "bytes */1000000")
        }
    }

    @Test(arguments: ["\"t1\"", "W/\"t1\"", "\"x\", \"t1\"", "*"])
    func `who has it is told so`(tag: String) async throws {
        try await serve { server, _ in
            let answer = try await HTTPAnswer.get("/file", from: server.port, headers: ["If-None-Match": tag])
            #expect(answer.status == 304 && answer.body.isEmpty && answer.headers["etag"] == "\"t1\"")
        }
    }

    @Test(arguments: [("\"t1\"", 206), ("\"t0\"", 200), ("Wed, 21 Oct 2015 07:28:00 GMT", 200)])
    func `a range of what was something else is not given`(condition: String, status: Int) async throws {
        try await serve { server, _ in
            let answer = try await HTTPAnswer.get(
                "/file", from: server.port, headers: ["Range": "bytes=1-2", "If-Range": condition])
            #expect(answer.status == status)
        }
    }

    @Test func `requests that wait behind a file are answered after it`() async throws {
        try await serve { server, _ in
            let client = try await RawConnection.open(to: server.port)
            try await client.send(
                "GET /file HTTP/1.1\r\nHost: x\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n"
                    + "GET /file HTTP/1.1\r\nHost: x\r\nRange: bytes=0-2\r\nConnection: close\r\n\r\n")
            var bytes: [UInt8] = []
            while case let next = try await client.receive(), !next.isEmpty { bytes += next }
            let heads = String(decoding: bytes, as: UTF8.self).components(separatedBy: "HTTP/1.1 ")
                .dropFirst()
            #expect(heads.map { String($0.prefix(3)) } == ["200", "200", "206"])
            #expect(bytes.suffix(3) == Self.bytes[0..<3])
        }
    }

    @Test func `a file that became shorter ends the connection, not the answer`() async throws {
        var limits = TransportLimits.patient
        limits.filePiece = 1_000
        limits.maxUnsentBytes = 1_000
        try await serve(limits) { server, path in
            let client = try await RawConnection.open(to: server.port)
            try await client.send("GET /file HTTP/1.1\r\nHost: x\r\n\r\n")
            var count = try await client.receive().count
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try file.truncate(atOffset: 0)
            while case let next = try await client.receive(), !next.isEmpty { count += next.count }
            #expect(count < Self.bytes.count)
        }
    }

    @Test func `a client that takes nothing is cut off`() async throws {
        var limits = TransportLimits.patient
        limits.stallTimeout = .milliseconds(100)
        try await serve(limits) { server, path in
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try file.truncate(atOffset: 200_000_000)
            let client = try await RawConnection.open(to: server.port)
            try await client.send("GET /file HTTP/1.1\r\nHost: x\r\n\r\n")
            try await eventually("the connection ends") {
                server.listener.statistics.openConnections == 0
            }
        }
    }

    @Test func `beyond the bound of files at once the next is told to come again`() async throws {
        var limits = TransportLimits.patient
        limits.filesAtOnce = 1
        try await serve(limits) { server, path in
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try file.truncate(atOffset: 200_000_000)
            let first = try await RawConnection.open(to: server.port)
            try await first.send("GET /file HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await first.receive()
            let answer = try await HTTPAnswer.get("/file", from: server.port)
            #expect(answer.status == 503 && answer.headers["retry-after"] != nil)
        }
    }
}
