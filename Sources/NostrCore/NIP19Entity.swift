// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a NIP-19 text names.
public enum NIP19Entity: Hashable, Sendable {
    case npub(PublicKey)
    /// The 32 bytes of a secret key.
    case nsec(Bytes32)
    case note(EventID)
    case nprofile(PublicKey, relays: [String])
    case nevent(EventID, relays: [String], author: PublicKey?, kind: UInt32?)
    case naddr(EventAddress, relays: [String])

    /// - Returns: `nil` for anything that is not valid NIP-19, bech32m included.
    public init?(bech32 text: String) { fatalError("not written yet") }

    /// The bech32 text, lower case.
    public var bech32: String { fatalError("not written yet") }
}
