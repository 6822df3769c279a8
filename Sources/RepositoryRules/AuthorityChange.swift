// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Keys that may act for a repository of interest now, or no longer may.
public struct AuthorityChange: Hashable, Sendable {
    public var gained: [PublicKey]
    public var lost: [PublicKey]

    public init(gained: [PublicKey] = [], lost: [PublicKey] = []) {
        self.gained = gained
        self.lost = lost
    }
}
