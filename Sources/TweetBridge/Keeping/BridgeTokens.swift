// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// Keeps users' tokens in the bridge's store, sealed: see ``TokenSeal``.
public struct BridgeTokens: TokenKeeping {
    private let store: BridgeStore

    public init(_ store: BridgeStore) { self.store = store }

    public func load(_ name: String) async throws -> TokenPair? {
        guard let kept = try store.credential(name) else { return nil }
        return try RowCodec.decode(kept.secret, as: Form.self).pair
    }

    /// - Throws: ``BridgeStoreError/conflict(_:)`` when others are kept that were renewed as often or oftener.
    public func save(_ pair: TokenPair, _ name: String) async throws {
        if let kept = try await load(name), kept == pair { return }
        let before = try store.credential(name)?.rotation ?? 0
        let rotation = UInt64(clamping: pair.rotation) + 1
        guard rotation > before else { throw BridgeStoreError.conflict("credential \(name)") }
        _ = try await store.renew(
            name, kind: "oauth2", secret: try RowCodec.encode(Form(pair)), expires: pair.expiresAt,
            replacing: before, with: rotation)
    }

    /// As it is sealed.
    private struct Form: Codable {
        var access: String
        var refresh: String?
        var obtainedAt: Int64
        var expiresAt: Int64
        var scope: String?
        var rotation: Int

        init(_ pair: TokenPair) {
            (access, refresh, scope) = (pair.access.revealed, pair.refresh?.revealed, pair.scope)
            (obtainedAt, expiresAt, rotation) = (pair.obtainedAt, pair.expiresAt, pair.rotation)
        }

        var pair: TokenPair {
            TokenPair(
                access: Secret(access), refresh: refresh.map { Secret($0) }, obtainedAt: obtainedAt,
                expiresAt: expiresAt, scope: scope, rotation: rotation)
        }
    }
}
