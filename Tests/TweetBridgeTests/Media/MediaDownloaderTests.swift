// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NostrCore
import RelayTransport
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct MediaDownloaderTests {
    /// Runs one attempt at one medium against a scripted host.
    private func attempt(
        _ makeMedium: (ScriptedHost) -> Media, limits: MediaLimits = .patient, calls: FileCalls = .system,
        _ script: @escaping ScriptedHost.Script,
        _ check: (BlobPlace, ScriptedHost, MediaAttempts) async throws -> Void
    ) async throws {
        try await ScriptedHost.run(script) { host in
            let medium = makeMedium(host)
            let place = try BlobPlace([medium], calls: calls, limits: limits)
            let record = try #require(place.keeping.record(medium.key))
            let attempts = try await place.downloader().attempt(record)
            try await check(place, host, attempts)
            #expect(place.unfinished.isEmpty)
            #expect(place.keeping.record(medium.key)?.attempts == attempts)
            await place.end()
        }
    }

    @Test func `a picture is fetched as it was sent in, and kept by its hash`() async throws {
        try await attempt(
            { Sample.photo("\($0.url)/media/A.jpg") }, { _ in ScriptedHost.answer(body: Sample.jpeg) }
        ) {
            place, host, attempts in
            #expect(attempts.state == .stored)
            let file = try #require(place.keeping.file("3_1"))
            #expect(
                file.sha256 == Sample.hash(Sample.jpeg) && file.type == "image/jpeg" && file.size == 2_004)
            #expect(try place.files.open(file.hash).size == 2_004)
            #expect(
                host.heads.count == 1 && host.heads[0].hasPrefix("GET /media/A.jpg?name=orig HTTP/1.1\r\n"))
        }
    }

    @Test func `media hosts are asked as a browser asks, without credentials`() async throws {
        try await attempt(
            { Sample.photo("\($0.url)/media/A.jpg") }, { _ in ScriptedHost.answer(body: Sample.jpeg) }
        ) {
            _, host, _ in
            let head = host.heads[0].lowercased()
            #expect(head.contains("\r\nuser-agent: mozilla/5.0"))
            #expect(
                head.contains("\r\nreferer: https://x.com/\r\n") && head.contains("\r\naccept: image/jpeg"))
            #expect(!head.contains("authorization") && !head.contains("cookie"))
        }
    }

    @Test(arguments: [
        ("https://pbs.twimg.com/media/A.jpg", "https://pbs.twimg.com/media/A.jpg?name=orig"),
        (
            "https://pbs.twimg.com/media/A?format=jpg&name=small",
            "https://pbs.twimg.com/media/A?format=jpg&name=orig"
        ),
        ("https://pbs.twimg.com/media/A?format=png", "https://pbs.twimg.com/media/A?format=png&name=orig"),
        ("https://pbs.twimg.com/media/A.jpg?name=orig", nil),
        ("https://pbs.twimg.com/profile_images/1/a_normal.jpg", nil),
    ]) func `the original of a picture has an address of its own`(url: String, original: String?) {
        #expect(MediaDownloader.original(url) == original)
    }

    @Test func `where there is no original the picture itself is fetched`() async throws {
        try await attempt(
            { Sample.photo("\($0.url)/media/A.jpg") },
            { head in
                head.contains("name=orig") ? ScriptedHost.answer(404) : ScriptedHost.answer(body: Sample.png)
            }
        ) { place, host, attempts in
            #expect(attempts.state == .stored && host.heads.count == 2)
            #expect(place.keeping.file("3_1")?.type == "image/png")
        }
    }

    @Test(arguments: [
        (
            "page", ScriptedHost.answer(200, ["Content-Type": "text/html"], body: Sample.page),
            MediaFailure.page
        ),
        (
            "picture", ScriptedHost.answer(200, ["Content-Type": "video/mp4"], body: Sample.jpeg),
            .wrongType("image/jpeg")
        ),
        (
            "unknown", ScriptedHost.answer(200, ["Content-Type": "text/plain"], body: [1, 2, 3]),
            .wrongType("text/plain")
        ),
        ("short", ScriptedHost.answer(200, [:], body: Sample.mp4, length: 9_000), .short),
        ("empty", ScriptedHost.answer(), .empty),
        ("announced", ScriptedHost.answer(200, [:], body: Sample.mp4, length: 5_001), .tooLong),
        ("forbidden", ScriptedHost.answer(403), .status(403)),
        ("gone", ScriptedHost.answer(404), .gone),
        ("broken", ScriptedHost.answer(503), .status(503)),
        ("nonsense", Array("nonsense\r\n\r\n".utf8), .unreachable),
        ("round", ScriptedHost.answer(302, ["Location": "/v.mp4"]), .redirects),
        ("nowhere", ScriptedHost.answer(302, ["Location": "ftp://x/"]), .redirects),
    ]) func `what is no film of the right length is a failure of its own`(
        name: String, answer: [UInt8], failure: MediaFailure
    ) async throws {
        var limits = MediaLimits.patient
        limits.maxFileBytes = name == "short" ? 1 << 20 : 5_000
        try await attempt({ Sample.film("\($0.url)/v.mp4") }, limits: limits, { _ in answer }) {
            _, _, attempts in
            #expect(attempts.failure == failure)
            #expect(attempts.state == (failure.isFinal ? .failed : .pending))
        }
    }

    @Test func `a body in chunks is stopped at the bound`() async throws {
        var limits = MediaLimits.patient
        limits.maxFileBytes = 2_000
        let chunk = String(Sample.mp4.count, radix: 16)
        let body = Array("\(chunk)\r\n".utf8) + Sample.mp4 + Array("\r\n0\r\n\r\n".utf8)
        let head = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n".utf8)
        try await attempt({ Sample.film("\($0.url)/v.mp4") }, limits: limits, { _ in head + body }) {
            _, _, attempts in
            #expect(attempts.failure == .tooLong && attempts.state == .failed)
        }
    }

    @Test func `redirects are followed, so many of them`() async throws {
        let script: ScriptedHost.Script = { head in
            guard let digit = head.dropFirst(5).first, let step = Int(String(digit)), step > 0 else {
                return ScriptedHost.answer(body: Sample.mp4)
            }
            return ScriptedHost.answer(302, ["Location": "/\(step - 1).mp4"])
        }
        try await attempt({ Sample.film("\($0.url)/4.mp4") }, script) { _, host, attempts in
            #expect(attempts.state == .stored && host.heads.count == 5)
        }
        try await attempt({ Sample.film("\($0.url)/5.mp4") }, script) { _, host, attempts in
            #expect(attempts.failure == .redirects && host.heads.count == 5)
        }
    }

    @Test func `a redirect to another place in our own network is not followed`() async throws {
        for place in [
            "http://127.0.0.2:80/", "http://localhost:6379/", "http://[::1]/", "http://169.254.169.254/",
        ] {
            try await attempt(
                { Sample.film("\($0.url)/v.mp4") }, { _ in ScriptedHost.answer(302, ["Location": place]) }
            ) { _, host, attempts in
                #expect(attempts.failure == .refused && attempts.state == .failed, "\(place)")
                #expect(host.heads.count == 1)
            }
        }
    }

    @Test func `a host that says nothing is given up`() async throws {
        try await attempt({ Sample.film("\($0.url)/v.mp4") }, limits: .brisk, { _ in nil }) {
            _, _, attempts in
            #expect(attempts.failure == .unreachable && attempts.state == .pending)
        }
    }

    @Test func `a full disk is not held against the medium`() async throws {
        var calls = FileCalls.system
        calls.write = { _, _ in
            errno = ENOSPC
            return -1
        }
        try await attempt(
            { Sample.film("\($0.url)/v.mp4") }, calls: calls, { _ in ScriptedHost.answer(body: Sample.mp4) }
        ) {
            _, _, attempts in
            #expect(attempts.failure == .diskFull && attempts.attempts == 0 && attempts.state == .pending)
        }
    }

    @Test func `strangers do not send us to our own network`() async throws {
        try await ScriptedHost.run({ _ in ScriptedHost.answer(body: Sample.mp4) }) { host in
            let medium = Sample.film("\(host.url)/v.mp4")
            let place = try BlobPlace([medium])
            let downloader = MediaDownloader(
                place.files, fetcher: place.fetcher, keeping: place.keeping, limits: place.limits, now: { 0 })
            let record = try #require(place.keeping.record(medium.key))
            #expect(try await downloader.attempt(record).failure == .refused)
            #expect(host.heads.isEmpty)
            await place.end()
        }
    }

    @Test func `what was checked is connected to, by the name that was asked`() async throws {
        try await ScriptedHost.run({ _ in ScriptedHost.answer(body: Sample.mp4) }) { host in
            let (port, asked) = (host.port, NIOLockedValueBox(0))
            let medium = Sample.film("http://media.test:\(port)/v.mp4")
            // Nobody listens at the first; a second question would get another answer.
            let place = try BlobPlace([medium]) { _, _ in
                let isFirst = asked.withLockedValue { count in
                    count += 1
                    return count == 1
                }
                return isFirst
                    ? [
                        try SocketAddress(ipAddress: "::1", port: port),
                        try SocketAddress(ipAddress: "127.0.0.1", port: port),
                    ]
                    : [try SocketAddress(ipAddress: "127.0.0.9", port: port)]
            }
            let record = try #require(place.keeping.record(medium.key))
            #expect(try await place.downloader().attempt(record).state == .stored)
            #expect(asked.withLockedValue { $0 } == 1)
            #expect(host.heads[0].lowercased().contains("\r\nhost: media.test:\(port)\r\n"))
            await place.end()
        }
    }

    @Test func `three attempts, then it is given up until somebody asks again`() async throws {
        let (answers, time) = (NIOLockedValueBox(503), NIOLockedValueBox(Int64(0)))
        try await ScriptedHost.run({ _ in
            let status = answers.withLockedValue { $0 }
            return status == 200 ? ScriptedHost.answer(body: Sample.mp4) : ScriptedHost.answer(status)
        }) { host in
            let place = try BlobPlace([Sample.film("\(host.url)/v.mp4")])
            let downloader = place.downloader { time.withLockedValue { $0 } }
            var rounds: [MediaDownloader.Round] = []
            for moment: Int64 in [0, 1, 30_000, 30_001, 270_000, 100_000_000] {
                time.withLockedValue { $0 = moment }
                rounds.append(try await downloader.work())
            }
            #expect(
                rounds.map(\.postponed) == [1, 0, 1, 0, 0, 0] && rounds.map(\.failed) == [0, 0, 0, 0, 1, 0])
            #expect(host.heads.count == 3 && place.keeping.record("7_1")?.attempts.state == .failed)
            answers.withLockedValue { $0 = 200 }
            place.keeping.retry("7_1", at: 100_000_000)
            #expect(try await downloader.work().stored == 1)
            await place.end()
        }
    }

    @Test func `many are fetched at once, and equal ones are one file`() async throws {
        try await ScriptedHost.run({ _ in ScriptedHost.answer(body: Sample.mp4) }) { host in
            let media = (0..<20).map { Sample.film("\(host.url)/\($0).mp4", key: "7_\($0)") }
            let place = try BlobPlace(media)
            let round = try await place.downloader().work()
            #expect(round.stored == 20)
            #expect(try await place.keeping.blobs(after: nil, limit: 10).count == 1)
            await place.end()
        }
    }
}
