// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What somebody may do; each may do what those before may.
public enum ModeratorRole: String, Hashable, Sendable, Codable, Comparable, CaseIterable {
    /// May look.
    case viewer
    /// May decide.
    case moderator
    /// May appoint and dismiss.
    case admin

    public static func < (a: ModeratorRole, b: ModeratorRole) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .moderator: 1
        case .admin: 2
        }
    }
}

/// Somebody who moderates, by name.
public struct Moderator: Hashable, Sendable, Codable {
    /// 1 … 64 bytes of letters, digits, `.`, `_`, `-`.
    public let name: String
    public var role: ModeratorRole
    /// Signs in by NIP-98 and decides by events: 64 hexadecimal digits.
    public var key: String?
    /// The SHA-256 of the token that signs in, 64 hexadecimal digits; the token itself is kept nowhere.
    public var tokenHash: String?
    /// **Milliseconds** since 1970.
    public var addedAt: Int64

    /// - Returns: `nil` for what is no name.
    public init?(
        name: String, role: ModeratorRole, key: PublicKey? = nil, token: String? = nil, at now: Int64
    ) {
        let isPlain = name.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D
        }
        guard isPlain, (1...ModerationBounds.nameBytes).contains(name.utf8.count) else { return nil }
        self.name = name
        self.role = role
        self.key = key?.hex
        tokenHash = token.map(Self.hash)
        addedAt = now
    }

    /// Whether what they signed at that moment counts: not what they published before they were appointed, whoever brings it
    /// here later. Clocks may differ by ten minutes.
    public func hasBegun(at moment: Timestamp) -> Bool { moment.seconds + 600 >= addedAt / 1_000 }

    public var publicKey: PublicKey? { key.flatMap { PublicKey(hex: $0) } }

    /// Whether this token signs in; takes the same time wherever they differ.
    public func accepts(token: String) -> Bool {
        tokenHash.map { isSameSecret(Self.hash(token), $0) } ?? false
    }

    /// Keeps what they signed in with before, as far as nothing else was given; and since when they are here.
    public mutating func keepAccess(of before: Moderator) {
        key = key ?? before.key
        tokenHash = tokenHash ?? before.tokenHash
        addedAt = before.addedAt
    }

    /// Signs in with this token from now on, and with no other; with none: by key alone.
    public mutating func take(token: String?) { tokenHash = token.map(Self.hash) }

    private static func hash(_ token: String) -> String { Hex.string(SHA256.digest(Array(token.utf8)).bytes) }
}
