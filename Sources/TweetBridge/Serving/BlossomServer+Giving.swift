// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import NostrCore
import RelayTransport
import TweetCore

/// `GET` and `HEAD /<sha256>`.
extension BlossomServer {
    func give(_ hash: Bytes32, _ request: HTTPRequest) async throws(BlossomRefusal) -> HTTPResponse {
        guard let blob = try await kept({ try await keeping.blob(hash) }) else { throw Self.notHere }
        let file: HTTPFile
        do throws(BlobError) {
            file = try await BlobWriter.aside { [files] () throws(BlobError) in try files.open(hash) }
        } catch {
            switch error {
            case .missing, .damaged:
                _ = try await kept { try await keeping.lost(hash) }
                throw Self.notHere
            case .diskFull, .system: throw BlossomRefusal(.serviceUnavailable, "the disk does not answer")
            }
        }
        await noteUse(of: blob)
        return .file(
            file, tag: Hex.string(hash.bytes), for: request, headers: Self.headers(for: blob.type))
    }

    static let notHere = BlossomRefusal(.notFound, "no such blob")

    /// What strangers uploaded comes from our own address: nothing of it may act in the name of our pages.
    static func headers(for type: String) -> HTTPHeaders {
        var headers: HTTPHeaders = [
            "Content-Type": type,
            "Cache-Control": "public, max-age=31536000, immutable",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
        ]
        let name = type.prefix { $0 != ";" }.lowercased()
        let isPlain = ["image/", "video/", "audio/"].contains { name.hasPrefix($0) } && !name.contains("xml")
        if !isPlain {
            headers.add(
                name: "Content-Security-Policy",
                value: "sandbox; default-src 'none'; style-src 'unsafe-inline'")
        }
        return headers
    }

    /// Not at every time: it is a commit.
    private func noteUse(of blob: KeptBlob) async {
        let now = now().seconds
        guard now - blob.lastUsed > limits.useResolution else { return }
        do { try await keeping.touch(blob.hash, at: now) } catch {
            // It is noted the next time.
            return
        }
    }
}
