// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOPosix
import NostrCore
import RelayTransport
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct BlossomClientTests {
    private static let file = MediaFile(
        hash: SHA256.digest(Sample.mp4), size: Int64(Sample.mp4.count), type: "video/mp4")

    /// Runs `body` with a client that has one blob.
    private func run(
        _ limits: MediaLimits = .patient, _ body: (BlossomClient, BlobPlace) async throws -> Void
    ) async throws {
        let place = try BlobPlace()
        try place.write(Sample.mp4)
        let client = BlossomClient(
            place.files, group: MultiThreadedEventLoopGroup.singleton, limits: limits,
            now: BlobServer.wallClock)
        do { try await body(client, place) } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
        await place.end()
    }

    private func upload(
        _ fault: FaultyBlossom.Fault, _ limits: MediaLimits = .patient,
        _ check: (FaultyBlossom, BlossomClient.Result.Outcome) async throws -> Void
    ) async throws {
        try await run(limits) { client, _ in
            let server = FaultyBlossom(fault)
            try await RoutePort.run {
                server.route($0)
            } _: { port in
                let results = try await client.upload(Self.file, to: [port.url], signing: TestKey.secret(1))
                #expect(results.count == 1 && results[0].server == port.url)
                try await check(server, results[0].outcome)
            }
        }
    }

    @Test func `the first server gets the file, and the others copy it from there`() async throws {
        try await BlobServer.run(allowsPrivate: true) { first in
            try await BlobServer.run(allowsPrivate: true) { second in
                try await run { client, _ in
                    let servers = [first.port.url, second.port.url + "/"]
                    let results = try await client.upload(Self.file, to: servers, signing: TestKey.secret(1))
                    #expect(results.map(\.server) == servers)
                    for result in results {
                        guard case .stored(let descriptor) = result.outcome else {
                            Issue.record("\(result)")
                            continue
                        }
                        #expect(descriptor.sha256 == Self.file.sha256 && descriptor.size == Self.file.size)
                    }
                    for server in [first, second] {
                        #expect(try await server.ask("GET", "/\(Self.file.sha256)").body == Sample.mp4)
                    }
                    // Again: nothing changes.
                    let again = try await client.upload(Self.file, to: servers, signing: TestKey.secret(1))
                    #expect(again.map(\.server) == servers)
                    #expect(try await first.place.keeping.blobs(after: nil, limit: 9).count == 1)
                }
            }
        }
    }

    @Test func `a server that may not reach the other is sent the file`() async throws {
        try await BlobServer.run(allowsPrivate: true) { first in
            try await BlobServer.run(allowsPrivate: false) { second in
                try await run { client, _ in
                    let servers = [first.port.url, second.port.url]
                    _ = try await client.upload(Self.file, to: servers, signing: TestKey.secret(1))
                    #expect(try await second.ask("GET", "/\(Self.file.sha256)").body == Sample.mp4)
                }
            }
        }
    }

    @Test(arguments: [
        (FaultyBlossom.Fault.wrongHash, BlossomUpload.Failure.wrongBlob), (.wrongSize, .wrongBlob),
        (.noDescriptor, .wrongBlob), (.status(402), .payment), (.status(403), .forbidden),
        (.status(409), .wrongBlob),
        (.status(413), .tooLong), (.status(415), .wrongType), (.status(429), .limited),
        (.status(500), .unreachable),
        (.status(404), .refused), (.hangs, .unreachable),
    ]) func `a server with a fault does not have it`(
        fault: FaultyBlossom.Fault, failure: BlossomUpload.Failure
    ) async throws {
        try await upload(fault, fault == .hangs ? .brisk : .patient) { server, outcome in
            #expect(outcome == .failed(failure))
            #expect(!server.asked.contains { $0.contains("/media") })
        }
    }

    @Test func `a server that takes the other spelling gets it, and is remembered`() async throws {
        try await run { client, _ in
            // A token whose length is a multiple of three would look the same in both.
            let server = FaultyBlossom(.wants(standard: true))
            try await RoutePort.run {
                server.route($0)
            } _: { port in
                for asked in [2, 3] {
                    let results = try await client.upload(
                        Self.file, to: [port.url], signing: TestKey.secret(1))
                    guard case .stored? = results.first?.outcome else {
                        Issue.record("\(results)")
                        return
                    }
                    #expect(server.asked.count == asked)
                }
            }
        }
    }

    @Test(arguments: [FaultyBlossom.Fault.none, .oldTags])
    func `tags of a descriptor are read from both places`(
        fault: FaultyBlossom.Fault
    ) async throws {
        try await upload(fault) { _, outcome in
            guard case .stored(let descriptor) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(descriptor.tags.contains(["x", Self.file.sha256]))
        }
    }

    @Test(arguments: [404, 502]) func `a server that does not copy is sent the file`(status: Int) async throws
    {
        try await run { client, _ in
            let (first, second) = (FaultyBlossom(.none), FaultyBlossom(.noMirror(status)))
            try await RoutePort.run {
                first.route($0)
            } _: { one in
                try await RoutePort.run {
                    second.route($0)
                } _: { two in
                    _ = try await client.upload(
                        Self.file, to: [one.url, two.url], signing: TestKey.secret(1))
                    #expect(first.asked == ["PUT /upload"])
                    #expect(second.asked == ["PUT /mirror", "PUT /upload"])
                    #expect(second.stored == [Self.file.sha256: Sample.mp4.count])
                }
            }
        }
    }

    @Test func `when the first has a fault the next gets the file, and no server is left out`() async throws {
        try await run { client, _ in
            let servers = [FaultyBlossom(.status(500)), FaultyBlossom(.none), FaultyBlossom(.none)]
            try await RoutePort.run {
                servers[0].route($0)
            } _: { one in
                try await RoutePort.run {
                    servers[1].route($0)
                } _: { two in
                    try await RoutePort.run {
                        servers[2].route($0)
                    } _: { three in
                        let urls = [one.url, two.url, three.url, "nonsense"]
                        let results = try await client.upload(Self.file, to: urls, signing: TestKey.secret(1))
                        #expect(results.map(\.server) == urls)
                        #expect(
                            results[0].outcome == .failed(.unreachable)
                                && results[3].outcome == .failed(.refused))
                        #expect(servers[1].asked == ["PUT /upload"] && servers[2].asked == ["PUT /mirror"])
                    }
                }
            }
        }
    }

    @Test func `a long file that the server has is not sent again`() async throws {
        var limits = MediaLimits.patient
        limits.askedFirst = 1
        try await BlobServer.run { server in
            try await server.upload(Sample.mp4, type: "video/mp4")
            try await run(limits) { client, _ in
                let results = try await client.upload(
                    Self.file, to: [server.port.url], signing: TestKey.secret(3))
                guard case .stored(let descriptor)? = results.first?.outcome else {
                    Issue.record("\(results)")
                    return
                }
                #expect(descriptor.url == "\(server.port.url)/\(Self.file.sha256).mp4")
            }
        }
    }

    @Test(arguments: [(3, BlossomUpload.Failure.forbidden), (1, .tooLong)])
    func `a long file that the server does not want is not sent`(
        key: Int, failure: BlossomUpload.Failure
    ) async throws {
        let bytes = [UInt8](repeating: 3, count: 2_000_000)
        try await BlobServer.run(configure: { $0.limits.maxBlobBytes = 1_500_000 }) { server in
            try await run { client, place in
                let written = try place.write(bytes)
                let file = MediaFile(hash: written.hash, size: written.size, type: "video/mp4")
                let results = try await client.upload(
                    file, to: [server.port.url], signing: TestKey.secret(key))
                #expect(results.map(\.outcome) == [.failed(failure)])
            }
        }
    }

    @Test func `what is not here is not sent`() async throws {
        try await run { client, _ in
            let other = MediaFile(hash: SHA256.digest([1]), size: 1, type: "image/png")
            await #expect(throws: BlobError.missing) {
                try await client.upload(other, to: ["http://127.0.0.1:1"], signing: TestKey.secret(1))
            }
        }
    }
}
