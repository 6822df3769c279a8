// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CSecp256k1

/// A secp256k1 secret key. Never printed, never compared.
public struct SecretKey: Sendable {
    private let scalar: Bytes32
    private let context: Secp256k1Context
    public let publicKey: PublicKey

    /// - Parameter entropy: 32 bytes of chance that blind the arithmetic against side channels; none blinds
    ///   nothing.
    /// - Returns: `nil` unless there are 32 bytes that make a number from 1 to the group's order − 1.
    public init?(bytes: [UInt8], entropy: [UInt8] = []) {
        guard let scalar = Bytes32(bytes) else { return nil }
        let context = entropy.count == 32 ? Secp256k1Context(entropy: entropy) : .shared
        guard var pair = Self.keypair(scalar, context) else { return nil }
        var point = secp256k1_xonly_pubkey()
        var x = [UInt8](repeating: 0, count: 32)
        guard secp256k1_keypair_xonly_pub(context.pointer, &point, nil, &pair) == 1,
            secp256k1_xonly_pubkey_serialize(context.pointer, &x, &point) == 1, let key = Bytes32(x)
        else { return nil }
        self.scalar = scalar
        self.context = context
        publicKey = PublicKey(key)
    }

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
        func chance() -> [UInt8] { (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &rng) } }
        while true {
            // All but one number in 2^127 will do.
            if let key = SecretKey(bytes: chance(), entropy: chance()) { return key }
        }
    }

    /// Signs 32 bytes (BIP-340).
    ///
    /// - Parameter auxiliary: 32 bytes of chance that harden the nonce; zeroes make the signature repeatable.
    public func sign(_ message: Bytes32, auxiliary: [UInt8] = [UInt8](repeating: 0, count: 32)) -> [UInt8] {
        precondition(auxiliary.count == 32, "BIP-340 takes 32 auxiliary bytes")
        guard var pair = Self.keypair(scalar, context) else {
            preconditionFailure("the key was good when it was made")
        }
        var signature = [UInt8](repeating: 0, count: 64)
        let done = secp256k1_schnorrsig_sign32(
            context.pointer, &signature, message.bytes, &pair, auxiliary)
        precondition(done == 1, "signing with a good key cannot fail")
        return signature
    }

    private static func keypair(_ scalar: Bytes32, _ context: Secp256k1Context) -> secp256k1_keypair? {
        var pair = secp256k1_keypair()
        return secp256k1_keypair_create(context.pointer, &pair, scalar.bytes) == 1 ? pair : nil
    }
}

extension SecretKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "(secret)" }
    public var debugDescription: String { "(secret)" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
