// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import NostrCore
import RelayTransport
import TweetCore

/// `PUT` and `HEAD /upload`.
extension BlossomServer {
    /// Somebody who may bring a blob, one of these.
    struct Bringer {
        var key: PublicKey
        /// In hex, as the token names them.
        var hashes: [String]
    }

    func bringer(of request: HTTPRequest) async throws(BlossomRefusal) -> Bringer {
        let credential = try credential(of: request, for: .upload)
        guard !credential.hashes.isEmpty else {
            throw BlossomRefusal(.unauthorized, "the token names no blob")
        }
        guard await configuration.mayUpload(credential.key) else {
            throw BlossomRefusal(.forbidden, "this key may not upload here")
        }
        return Bringer(key: credential.key, hashes: credential.hashes)
    }

    /// Whether an upload would be taken (BUD-06).
    func judgeUpload(_ request: HTTPRequest) async throws(BlossomRefusal) -> HTTPResponse {
        let bringer = try await bringer(of: request)
        guard let hash = try announcedHash(request) else {
            throw BlossomRefusal(.badRequest, "X-SHA-256 is missing")
        }
        try bringer.check(hash)
        guard let text = request.headers.first(name: "X-Content-Length") else {
            throw BlossomRefusal(.lengthRequired, "X-Content-Length is missing")
        }
        guard let length = Int64(text), length > 0 else {
            throw BlossomRefusal(.badRequest, "X-Content-Length is no length")
        }
        guard length <= limits.maxBlobBytes else { throw Self.tooLong }
        try checkType(request.headers.first(name: "X-Content-Type"))
        try promise(length, to: bringer.key)
        room.release(length, of: bringer.key)
        return HTTPResponse()
    }

    func upload(_ request: HTTPRequest, _ body: BodyStream) async throws(BlossomRefusal) -> HTTPResponse {
        let bringer = try await bringer(of: request)
        let announced = try announcedHash(request)
        if let announced { try bringer.check(announced) }
        let type = request.headers.first(name: "Content-Type")
        try checkType(type)
        let length = body.length.map(Int64.init) ?? limits.maxBlobBytes
        try promise(length, to: bringer.key)
        defer { room.release(length, of: bringer.key) }
        let writer = try await onDisk { [files] () throws(BlobError) in try files.begin() }
        defer { writer.abandon() }
        try await receive(body, into: writer)
        let hash = Hex.string(writer.hash.bytes)
        guard announced ?? hash == hash else {
            throw BlossomRefusal(.conflict, "X-SHA-256 is not the hash of the body")
        }
        try bringer.check(hash)
        return try await take(writer, type: type, for: bringer)
    }

    private func receive(_ body: BodyStream, into writer: BlobWriter) async throws(BlossomRefusal) {
        do {
            while let piece = try await body.next() { try await writer.append(piece) }
        } catch let error as BodyError {
            switch error {
            case .tooLong: throw Self.tooLong
            case .tooSlow: throw BlossomRefusal(.requestTimeout, "the body came too slowly")
            case .lost: throw BlossomRefusal(.badRequest, "the connection was lost")
            }
        } catch {
            throw Self.refusal(of: error as? BlobError ?? .system("write", 0))
        }
        guard writer.size > 0 else { throw BlossomRefusal(.badRequest, "the body is empty") }
    }

    /// Gives a file its name and an owner, both or neither.
    func take(
        _ writer: BlobWriter, type: String?, for bringer: Bringer
    ) async throws(BlossomRefusal) -> HTTPResponse {
        let type = FileType.safe(type) ?? FileType.of(writer.start) ?? "application/octet-stream"
        let blob = KeptBlob(hash: writer.hash, size: writer.size, type: type, uploaded: now().seconds)
        return try await files.alone(with: blob.hash) { () async throws(BlossomRefusal) in
            _ = try await onDisk { () throws(BlobError) in try writer.finish() }
            return try await own(blob, bringer.key)
        }
    }

    /// Keeps a blob, whose file is here, for one more owner.
    func own(_ blob: KeptBlob, _ owner: PublicKey) async throws(BlossomRefusal) -> HTTPResponse {
        let added = try await kept { try await keeping.add(blob, owner: owner) }
        if added.isNewOwner {
            room.gained(added.blob.size, owner: owner, isFirst: added.blob.owners.count == 1)
        }
        let descriptor = added.blob.descriptor(below: configuration.baseURL)
        return .json(added.isNewOwner ? .created : .ok, descriptor.json)
    }
}

/// What is asked of everything that comes.
extension BlossomServer {
    private func announcedHash(_ request: HTTPRequest) throws(BlossomRefusal) -> String? {
        guard let text = request.headers.first(name: "X-SHA-256") else { return nil }
        guard Hex.decode32(Array(text.utf8).span) != nil else {
            throw BlossomRefusal(.badRequest, "X-SHA-256 is not 64 lower-case hexadecimal digits")
        }
        return text
    }

    func checkType(_ type: String?) throws(BlossomRefusal) {
        guard !configuration.types.isEmpty else { return }
        let name = type?.lowercased() ?? "application/octet-stream"
        guard configuration.types.contains(where: { name.hasPrefix($0) }) else {
            throw BlossomRefusal(.unsupportedMediaType, "blobs of this type are not taken")
        }
    }

    func promise(_ bytes: Int64, to key: PublicKey) throws(BlossomRefusal) {
        switch room.promise(bytes, to: key) {
        case nil: return
        case .ofKey: throw BlossomRefusal(.tooManyRequests, "this key has as much as one may have here")
        case .ofAll: throw BlossomRefusal(.insufficientStorage, "there is no room for more blobs")
        }
    }

    func onDisk<Value: Sendable>(
        _ work: @escaping @Sendable () throws(BlobError) -> Value
    ) async throws(BlossomRefusal) -> Value {
        do throws(BlobError) { return try await BlobWriter.aside(work) } catch {
            throw Self.refusal(of: error)
        }
    }

    private static func refusal(of error: BlobError) -> BlossomRefusal {
        error == .diskFull
            ? BlossomRefusal(.insufficientStorage, "the disk is full")
            : BlossomRefusal(.serviceUnavailable, "the disk does not answer")
    }
}

extension BlossomServer.Bringer {
    /// - Parameter hash: of the blob that is brought, in hex.
    func check(_ hash: String) throws(BlossomRefusal) {
        guard hashes.contains(hash) else {
            throw BlossomRefusal(.unauthorized, "the token is for other blobs")
        }
    }
}
