// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
public import NostrCore
public import RelayTransport
import TweetCore

/// A Blossom server (BUD-01, 02, 04, 06, 11, 12) on a port that others share: what the bridge keeps, and what those who may
/// upload bring.
///
/// A blob has owners, and goes when the last of them deletes it, unless a mirrored post names it.
public final class BlossomServer: Sendable {
    let configuration: BlossomConfiguration
    let files: BlobFiles
    let keeping: any BlobKeeping
    let fetcher: FileFetcher
    let room: BlobRoom
    let mirrors: MirrorPlaces
    let verifier = Verifier()
    let now: @Sendable () -> Timestamp

    var limits: BlossomLimits { configuration.limits }

    /// - Parameter fetcher: for `PUT /mirror`; the addresses that strangers name are checked by its dialer.
    public init(
        _ configuration: BlossomConfiguration, files: BlobFiles, keeping: any BlobKeeping,
        fetcher: FileFetcher, now: @escaping @Sendable () -> Timestamp
    ) {
        self.configuration = configuration
        self.files = files
        self.keeping = keeping
        self.fetcher = fetcher
        self.now = now
        room = BlobRoom(configuration.limits)
        mirrors = MirrorPlaces(configuration.limits.mirrorsAtOnce)
    }

    /// Counts what is there; to be called before anybody is served.
    public func prepare() async throws {
        var last: Bytes32?
        repeat {
            let page = try await keeping.blobs(after: last, limit: 1_000)
            for blob in page { room.count(blob) }
            last = page.last?.hash
        } while last != nil
    }

    /// What to give to the listener of the port.
    public var route: HTTPRoute {
        HTTPRoute(
            methods: { [configuration] path in
                guard let place = BlobPath(path) else { return nil }
                if case .list = place, !configuration.lists { return nil }
                return place.methods
            },
            headers: Self.headers, body: { [self] request in plan(request) },
            answer: { [self] request in .awaited { await self.answer(request) } })
    }

    /// Pages of anybody may do what the key that they sign with may do (BUD-01).
    static let headers: HTTPHeaders = [
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, HEAD, PUT, DELETE, OPTIONS",
        "Access-Control-Allow-Headers":
            "Authorization, Content-Type, Content-Length, Range, If-None-Match, X-SHA-256, X-Content-Type, X-Content-Length, *",
        "Access-Control-Expose-Headers": "Content-Range, Accept-Ranges, ETag, X-Reason, *",
        "Access-Control-Max-Age": "86400",
        "X-Content-Type-Options": "nosniff",
    ]

    private func plan(_ request: HTTPRequest) -> BodyPlan {
        switch (BlobPath(request.path), request.method) {
        case (.upload, .PUT):
            if let length = request.headers.first(name: "Content-Length").flatMap({ Int64($0) }),
                length > limits.maxBlobBytes
            {
                return .refused(Self.tooLong.response)
            }
            return .streamed(upTo: Int(limits.maxBlobBytes)) { [self] request, body in
                await Self.answering { () async throws(BlossomRefusal) in try await upload(request, body) }
            }
        case (.mirror, .PUT): return .collectedUpTo(limits.maxMirrorRequest)
        default: return .collectedUpTo(0)
        }
    }

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        await Self.answering { () async throws(BlossomRefusal) in
            switch (BlobPath(request.path), request.method) {
            case (.blob(let hash), .DELETE): try await delete(hash, request)
            case (.blob(let hash), _): try await give(hash, request)
            case (.upload, .HEAD): try await judgeUpload(request)
            case (.upload, _): throw BlossomRefusal(.badRequest, "the body is missing")
            case (.mirror, _): try await mirror(request)
            case (.list(let key), _): try await list(key, request)
            case (nil, _): throw BlossomRefusal(.notFound, "not found")
            }
        }
    }

    private static func answering(
        _ work: () async throws(BlossomRefusal) -> HTTPResponse
    ) async -> HTTPResponse {
        do throws(BlossomRefusal) { return try await work() } catch { return error.response }
    }

    static let tooLong = BlossomRefusal(.payloadTooLarge, "the blob is too long")

    /// Who asks, and for what.
    func credential(
        of request: HTTPRequest, for verb: BlossomToken.Verb
    ) throws(BlossomRefusal) -> BlossomCredential {
        do throws(BlossomCredential.Refusal) {
            return try BlossomCredential(
                request.headers["Authorization"], for: verb, domain: configuration.domain, at: now(),
                skew: limits.clockSkew, verifier: verifier)
        } catch {
            throw BlossomRefusal(.unauthorized, error.reason)
        }
    }

    /// Runs what the store does.
    func kept<Value>(
        _ work: () async throws -> Value
    ) async throws(BlossomRefusal) -> Value {
        do { return try await work() } catch {
            throw BlossomRefusal(.serviceUnavailable, "the store does not answer")
        }
    }
}
