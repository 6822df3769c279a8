// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What one transaction did to the stored events.
public struct Commit: Sendable {
    public let sequence: CommitSequence
    /// Stored by this commit and, when read from the log, not removed since. In the order of writing.
    public let stored: [Event]
    public let removed: [Removal]

    public init(sequence: CommitSequence, stored: [Event], removed: [Removal]) {
        self.sequence = sequence
        self.stored = stored
        self.removed = removed
    }
}

/// An event that a commit took away.
public struct Removal: Hashable, Sendable {
    public var id: EventID
    public var kind: Kind
    public var pubkey: PublicKey
    /// Of replaceable and addressable events.
    public var address: EventAddress?
    public var reason: RemovalReason

    public init(id: EventID, kind: Kind, pubkey: PublicKey, address: EventAddress?, reason: RemovalReason) {
        self.id = id
        self.kind = kind
        self.pubkey = pubkey
        self.address = address
        self.reason = reason
    }
}

/// Why an event was removed. The numbers are stored.
public enum RemovalReason: UInt8, Hashable, Sendable, CaseIterable {
    /// A newer version took its address.
    case replaced = 1
    /// NIP-09.
    case deleted = 2
    /// NIP-40.
    case expired = 3
    /// NIP-62.
    case vanished = 4
    case `operator` = 5
}
