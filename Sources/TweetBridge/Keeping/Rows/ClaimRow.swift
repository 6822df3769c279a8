// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import TweetCore

/// The key that an account of X has proved to be its owner's.
public struct ClaimRow: Hashable, Sendable, Codable {
    public var user: UserID
    /// 64 hexadecimal digits.
    public var pubkey: String
    public var proof: PostID
    public var outcome: ClaimOutcome
    /// **Milliseconds** since 1970.
    public var verifiedAt: Int64

    public init(_ claim: IdentityClaim, of user: UserID, _ outcome: ClaimOutcome, at now: Int64) {
        self.user = user
        pubkey = claim.key.hex
        proof = claim.proof
        self.outcome = outcome
        verifiedAt = now
    }

    public var key: PublicKey? { PublicKey(hex: pubkey) }
}

extension RowPlace where Value == ClaimRow {
    static func claim(_ id: UserID) -> Self { Self(BridgeTables.people, RowKey("c").with(id)) }
}
