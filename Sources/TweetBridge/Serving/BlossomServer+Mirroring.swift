// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOCore
import NIOHTTP1
import NostrCore
import RelayTransport
import TweetCore

/// `PUT /mirror` (BUD-04).
extension BlossomServer {
    private struct Call: Decodable { var url: String }

    func mirror(_ request: HTTPRequest) async throws(BlossomRefusal) -> HTTPResponse {
        let bringer = try await bringer(of: request)
        guard let call = try? JSONDecoder().decode(Call.self, from: Data(request.body.readableBytesView)),
            let url = FileURL(call.url)
        else { throw BlossomRefusal(.badRequest, "the body is not an object with the url of a blob") }
        if let blob = try await present(url, bringer) {
            return try await files.alone(with: blob.hash) { () async throws(BlossomRefusal) in
                try await own(blob, bringer.key)
            }
        }
        guard mirrors.take() else {
            throw BlossomRefusal(.tooManyRequests, "too many blobs are fetched at once")
        }
        defer { mirrors.leave() }
        try promise(limits.maxBlobBytes, to: bringer.key)
        defer { room.release(limits.maxBlobBytes, of: bringer.key) }
        let fetched = try await fetch(url)
        defer { fetched.writer.abandon() }
        guard bringer.hashes.contains(Hex.string(fetched.writer.hash.bytes)) else {
            throw BlossomRefusal(.conflict, "what is there has another hash than the token names")
        }
        try checkType(fetched.type)
        return try await take(fetched.writer, type: fetched.type, for: bringer)
    }

    /// The blob, if it is here: then nothing needs to be fetched.
    private func present(_ url: FileURL, _ bringer: Bringer) async throws(BlossomRefusal) -> KeptBlob? {
        guard let name = url.hash, bringer.hashes.contains(name),
            let hash = Hex.decode32(Array(name.utf8).span),
            let blob = try await kept({ try await keeping.blob(hash) }), files.size(of: hash) == blob.size
        else { return nil }
        if !blob.owners.contains(bringer.key) {
            try promise(blob.size, to: bringer.key)
            room.release(blob.size, of: bringer.key)
        }
        return blob
    }

    private func fetch(_ url: FileURL) async throws(BlossomRefusal) -> FileFetcher.Fetched {
        let request = FileFetcher.Request(
            url.text, headers: ["User-Agent": "Rookery", "Accept": "*/*"], trust: .namedByStrangers,
            maxBytes: limits.maxBlobBytes)
        do throws(MediaFailure) { return try await fetcher.fetch(request) } catch {
            switch error {
            case .refused: throw BlossomRefusal(.forbidden, "blobs are not fetched from there")
            case .tooLong: throw Self.tooLong
            case .diskFull: throw BlossomRefusal(.insufficientStorage, "the disk is full")
            case .disk: throw BlossomRefusal(.serviceUnavailable, "the disk does not answer")
            case .noFile, .gone, .status, .page, .wrongType, .short, .empty, .redirects, .unreachable:
                throw BlossomRefusal(.badGateway, "the blob could not be fetched")
            }
        }
    }
}
