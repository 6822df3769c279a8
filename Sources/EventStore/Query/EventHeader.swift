// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What is known of a stored event beside its JSON.
public struct EventHeader: Hashable, Sendable {
    public var id: EventID
    public var pubkey: PublicKey
    public var layout: EventLayout
    /// NIP-40.
    public var expiration: Timestamp?
    /// **Bytes** of its row in the table of events; 0 for one that has none.
    public var rowBytes = 0

    public var createdAt: Timestamp { layout.createdAt }
    public var kind: Kind { layout.kind }
}
