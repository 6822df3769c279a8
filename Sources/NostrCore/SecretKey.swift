// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A secp256k1 secret key. Never printed, never compared.
public struct SecretKey: Sendable {
    private let scalar: Bytes32
    public let publicKey: PublicKey

    /// - Parameter entropy: 32 bytes that blind the arithmetic against side channels; none blinds nothing.
    /// - Returns: `nil` unless there are 32 bytes that make a number from 1 to the group's order − 1.
    public init?(bytes: [UInt8], entropy: [UInt8] = []) { fatalError("not written yet") }

    /// - Returns: `nil` unless `hex` is 64 lower-case digits of such a number.
    public init?(hex: String, entropy: [UInt8] = []) {
        var hex = hex
        guard let bytes = hex.withUTF8({ Hex.decode($0.span, count: 32) }) else { return nil }
        self.init(bytes: bytes, entropy: entropy)
    }

    /// The 32 bytes, for storing.
    public var bytes: [UInt8] { scalar.bytes }

    /// A fresh key.
    public static func generate(using rng: inout some RandomNumberGenerator) -> SecretKey {
        fatalError("not written yet")
    }

    /// Signs 32 bytes (BIP-340).
    ///
    /// - Parameter auxiliary: 32 bytes of chance that harden the nonce; zeroes make the signature repeatable.
    public func sign(_ message: Bytes32, auxiliary: [UInt8] = [UInt8](repeating: 0, count: 32)) -> [UInt8] {
        fatalError("not written yet")
    }
}
