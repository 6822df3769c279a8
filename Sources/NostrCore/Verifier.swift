// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CSecp256k1

/// Verifies BIP-340 signatures; one serves any number of threads at once.
public final class Verifier: Sendable {
    public init() {}

    /// Whether `signature`, 64 bytes, is `pubkey`'s over `message`.
    public func verify(signature: Span<UInt8>, message: Bytes32, pubkey: PublicKey) -> Bool {
        fatalError("not written yet")
    }
    /// The same for an array.
    public func verify(signature: [UInt8], message: Bytes32, pubkey: PublicKey) -> Bool {
        verify(signature: signature.span, message: message, pubkey: pubkey)
    }
}
