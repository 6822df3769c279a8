// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
public import TweetCore

/// A mirror whose events are being taken back. Written with what makes it so, and removed when nothing of it stands: what
/// ends in between is gone on with.
public struct ErasureRow: Hashable, Sendable, Codable {
    public var user: UserID
    public var reason: DeletionReason
    /// The relays that a request to vanish (NIP-62) names, none for all relays; `nil`: there is no such request.
    public var vanishing: [String]?
    /// **Milliseconds** since 1970.
    public var startedAt: Int64
    /// The request to vanish, 64 hexadecimal digits, once it is stored; and its time in **seconds**.
    public var request: String?
    public var requestedAt: Int64?

    public init(user: UserID, reason: DeletionReason, vanishing: [String]? = nil, startedAt: Int64) {
        self.user = user
        self.reason = reason
        self.vanishing = vanishing
        self.startedAt = startedAt
    }
}

extension RowPlace where Value == ErasureRow {
    static func erasure(_ id: UserID) -> Self { Self(BridgeTables.people, RowKey("e").with(id)) }
}
