// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A user's tokens (OAuth 2.0 with refresh tokens that are used once).
public struct TokenPair: Hashable, Sendable {
    public var access: Secret
    /// Absent without the scope `offline.access`: then nothing can be renewed.
    public var refresh: Secret?
    /// **Milliseconds** since 1970.
    public var obtainedAt: Int64
    public var expiresAt: Int64
    public var scope: String?
    /// How often it was renewed: of two copies the one with the higher number is good.
    public var rotation: Int

    public init(
        access: Secret, refresh: Secret?, obtainedAt: Int64, expiresAt: Int64, scope: String? = nil,
        rotation: Int = 0
    ) {
        self.access = access
        self.refresh = refresh
        self.obtainedAt = obtainedAt
        self.expiresAt = expiresAt
        self.scope = scope
        self.rotation = rotation
    }

    /// Whether four fifths of its life are over.
    public func isDue(at now: Int64) -> Bool {
        now >= obtainedAt + max(0, expiresAt - obtainedAt) / 5 * 4
    }

    /// Reads the answer of `POST /2/oauth2/token`.
    ///
    /// - Parameter spent: the pair that it replaces; its refresh token stays where none is sent.
    /// - Throws: ``ReadingError``.
    public init(reading body: [UInt8], after spent: TokenPair?, at now: Int64) throws(ReadingError) {
        let json = try JSONTree(body).root
        let life = Int64(min(max(json.integer("expires_in") ?? 7_200, 1), 31_536_000))
        self.init(
            access: Secret(try json.required("access_token")),
            refresh: json.text("refresh_token").map { Secret($0) } ?? spent?.refresh, obtainedAt: now,
            expiresAt: now + life * 1_000, scope: json.text("scope") ?? spent?.scope,
            rotation: (spent?.rotation ?? 0) + 1)
    }
}
