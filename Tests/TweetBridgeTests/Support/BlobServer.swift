// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NostrCore
import RelayTransport
import TestSupport
import TweetCore

@testable import TweetBridge

/// Our Blossom server on a port of loopback. Keys 1 and 2 may upload, key 9 may delete everything.
struct BlobServer {
    let place: BlobPlace
    let port: RoutePort
    let server: BlossomServer

    static func run(
        allowsPrivate: Bool = false, transport: TransportLimits = TransportLimits(),
        calls: FileCalls = .system,
        configure: @escaping @Sendable (inout BlossomConfiguration) -> Void = { _ in },
        _ body: (BlobServer) async throws -> Void
    ) async throws {
        let place = try BlobPlace(calls: calls, allowsPrivate: allowsPrivate)
        let made = NIOLockedValueBox<BlossomServer?>(nil)
        let (files, keeping, fetcher) = (place.files, place.keeping, place.fetcher)
        try await RoutePort.run(transport) { url in
            guard
                var configuration = BlossomConfiguration(
                    baseURL: url,
                    mayUpload: { key in
                        key == TestKey.publicKey(1) || key == TestKey.publicKey(2)
                    })
            else { preconditionFailure("a loopback URL is one") }
            configuration.mayDeleteAll = { $0 == TestKey.publicKey(9) }
            configure(&configuration)
            let server = BlossomServer(
                configuration, files: files, keeping: keeping, fetcher: fetcher, now: wallClock)
            made.withLockedValue { $0 = server }
            return server.route
        } _: { port in
            guard let server = made.withLockedValue({ $0 }) else { preconditionFailure("the route was made") }
            try await server.prepare()
            try await body(BlobServer(place: place, port: port, server: server))
        }
        await place.end()
    }

    static let wallClock: @Sendable () -> Timestamp = { Timestamp(Int64(Date().timeIntervalSince1970)) }

    /// The value of an `Authorization` header.
    func token(
        _ verb: BlossomToken.Verb, _ hashes: [String], key: Int = 1, servers: [String] = ["127.0.0.1"]
    ) -> String {
        let token = BlossomToken.unsigned(
            verb, hashes, servers: servers, author: TestKey.publicKey(key), at: Self.wallClock(), for: 600,
            content: "test")
        return BlossomToken.header(token.signed(by: TestKey.secret(key)), .url)
    }

    /// Asks without us.
    func ask(
        _ method: String, _ path: String, _ headers: [String: String] = [:], body: [UInt8] = []
    ) async throws -> HTTPAnswer {
        try await HTTPAnswer.get(path, from: port.port, method: method, headers: headers, body: body)
    }

    @discardableResult
    func upload(
        _ bytes: [UInt8], type: String? = "image/jpeg", key: Int = 1, _ headers: [String: String] = [:]
    ) async throws -> HTTPAnswer {
        var fields = [
            "Authorization": token(.upload, [Sample.hash(bytes)], key: key), "X-SHA-256": Sample.hash(bytes),
        ]
        fields["Content-Type"] = type
        fields.merge(headers) { $1 }
        return try await ask("PUT", "/upload", fields, body: bytes)
    }
}

extension HTTPAnswer {
    var json: [String: Any]? { try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] }
    var list: [[String: Any]]? { try? JSONSerialization.jsonObject(with: Data(body)) as? [[String: Any]] }
    var reason: String? { headers["x-reason"] }
}
