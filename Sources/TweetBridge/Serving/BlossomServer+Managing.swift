// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import NostrCore
import RelayTransport
import TweetCore

/// `DELETE /<sha256>` and `GET /list/<pubkey>` (BUD-12).
extension BlossomServer {
    func delete(_ hash: Bytes32, _ request: HTTPRequest) async throws(BlossomRefusal) -> HTTPResponse {
        let credential = try credential(of: request, for: .delete)
        guard credential.hashes.contains(Hex.string(hash.bytes)) else {
            throw BlossomRefusal(.unauthorized, "the token is for other blobs")
        }
        let isMaster = await configuration.mayDeleteAll(credential.key)
        return try await files.alone(with: hash) { () async throws(BlossomRefusal) in
            guard let blob = try await kept({ try await keeping.blob(hash) }) else { throw Self.notHere }
            guard isMaster || blob.owners.contains(credential.key) else {
                throw BlossomRefusal(.forbidden, "this blob is not yours")
            }
            // Whoever may delete everything takes it from all who have it.
            for owner in isMaster ? blob.owners : [credential.key] {
                guard let rest = try await kept({ try await keeping.disown(hash, by: owner) }) else { break }
                room.lost(blob.size, owner: owner, isLast: rest.owners.isEmpty)
            }
            if try await kept({ try await keeping.forget(hash, isForced: isMaster) }) {
                _ = try await onDisk { [files] () throws(BlobError) in try files.remove(hash) }
            }
            return HTTPResponse(status: .noContent)
        }
    }

    func list(_ key: PublicKey?, _ request: HTTPRequest) async throws(BlossomRefusal) -> HTTPResponse {
        guard let key else {
            throw BlossomRefusal(.badRequest, "a public key has 64 lower-case hexadecimal digits")
        }
        let query = try ListQuery(request.target, limits)
        var (found, last): ([KeptBlob], Bytes32?) = ([], nil)
        repeat {
            let after = last
            let page = try await kept { try await keeping.blobs(after: after, limit: 1_000) }
            found += page.lazy.filter { $0.owners.contains(key) }
            last = page.last?.hash
        } while last != nil
        // The newest first; those of one second by their hashes.
        found.sort { $0.uploaded == $1.uploaded ? $0.hash < $1.hash : $0.uploaded > $1.uploaded }
        var rest = found[...]
        if let cursor = query.cursor {
            guard let place = found.firstIndex(where: { $0.hash == cursor }) else {
                return .json(Array("[]".utf8))
            }
            rest = found[(place + 1)...]
        }
        let texts = rest.prefix(query.limit).map { $0.descriptor(below: configuration.baseURL).json }
        return .json([UInt8(ascii: "[")] + texts.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "]")])
    }
}

/// Which page of a list is wanted.
struct ListQuery: Hashable {
    var cursor: Bytes32?
    var limit: Int

    init(_ target: String, _ limits: BlossomLimits) throws(BlossomRefusal) {
        limit = limits.listPage
        for field in target.split(separator: "?", maxSplits: 1).dropFirst().first?.split(separator: "&") ?? []
        {
            let parts = field.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "cursor":
                guard let hash = Hex.decode32(Array(parts[1].utf8).span) else {
                    throw BlossomRefusal(.badRequest, "the cursor is no hash")
                }
                cursor = hash
            case "limit":
                guard let number = Int(parts[1]), number > 0 else {
                    throw BlossomRefusal(.badRequest, "the limit is no number")
                }
                limit = min(number, limits.maxListPage)
            default: continue
            }
        }
    }
}
