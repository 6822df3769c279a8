// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// An event that nobody has signed yet (NIP-01).
public struct UnsignedEvent: Sendable, Hashable {
    public var pubkey: PublicKey
    public var createdAt: Timestamp
    public var kind: Kind
    public var tags: [Tag]
    public var content: String

    public init(pubkey: PublicKey, createdAt: Timestamp, kind: Kind, tags: [Tag] = [], content: String = "") {
        self.pubkey = pubkey
        self.createdAt = createdAt
        self.kind = kind
        self.tags = tags
        self.content = content
    }

    /// The hash of the NIP-01 pre-image.
    public var id: EventID { fatalError("not written yet") }

    /// The signed event.
    ///
    /// - Parameter auxiliary: 32 bytes of chance; zeroes make the signature repeatable.
    /// - Precondition: `key` is the key of ``pubkey``.
    public func signed(by key: SecretKey, auxiliary: [UInt8] = [UInt8](repeating: 0, count: 32)) -> Event {
        fatalError("not written yet")
    }

    /// The event with a signature made elsewhere, or a false one for tests; nothing is checked.
    public func withSignature(_ signature: [UInt8], id: EventID? = nil) -> Event {
        fatalError("not written yet")
    }
}
