// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore

extension BridgeStore {
    /// What signs requests in, with its secrets in the clear.
    public func credential(_ name: String) throws(BridgeStoreError) -> KeptCredential? {
        guard let row = try read(.credential(name)) else { return nil }
        guard let seal else { throw .refused("there is no key to open credentials with") }
        return KeptCredential(
            kind: row.kind, secret: try seal.opened(row.sealed, name: name), expires: row.expires,
            rotation: row.rotation)
    }

    /// Replaces a credential, on the disk before it is used.
    ///
    /// - Parameters:
    ///   - rotation: of the one that it replaces; 0 where there is none.
    ///   - next: its own; one more where nothing is said.
    /// - Throws: ``BridgeStoreError/conflict(_:)`` when somebody has renewed it meanwhile: what they wrote is to be read.
    public func renew(
        _ name: String, kind: String, secret: [UInt8], expires: Int64?, replacing rotation: UInt64,
        with next: UInt64? = nil
    ) async throws(BridgeStoreError) -> KeptCredential {
        guard let seal else { throw .refused("there is no key to seal credentials with") }
        guard (1...200).contains(name.utf8.count) else {
            throw .refused("\(name.prefix(40)) is no credential's name")
        }
        let sealed = try seal.sealed(secret, name: name)
        return try await change { draft throws(BridgeStoreError) in
            guard try draft.read(.credential(name))?.rotation ?? 0 == rotation else {
                throw .conflict("credential \(name)")
            }
            let row = CredentialRow(
                kind: kind, sealed: sealed, expires: expires, rotation: next ?? rotation + 1,
                updatedAt: draft.now)
            try draft.write(.credential(name), row)
            return KeptCredential(kind: kind, secret: secret, expires: expires, rotation: row.rotation)
        }
    }

    /// Forgets a credential.
    public func removeCredential(_ name: String) async throws(BridgeStoreError) {
        try await change { draft throws(BridgeStoreError) in try draft.remove(.credential(name)) }
    }
}

/// What signs requests in; never logged.
public struct KeptCredential: Hashable, Sendable {
    public let kind: String
    /// Tokens, as whoever renews them writes them down.
    public let secret: [UInt8]
    /// **Milliseconds** since 1970.
    public let expires: Int64?
    public let rotation: UInt64
}
