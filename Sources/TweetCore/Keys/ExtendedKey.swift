// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CSecp256k1
import NostrCore

/// A secret key with a chain code, from which further ones follow (BIP-32).
struct ExtendedKey: Sendable {
    private let secret: SecretBytes
    private let chainCode: SecretBytes

    /// The root `m` of a seed.
    init(_ seed: Seed) {
        self.init(HMAC512.code(of: seed.secret.bytes, key: Array("Bitcoin seed".utf8)))
    }

    private init(_ code: [UInt8]) {
        secret = SecretBytes(Array(code[..<32]))
        chainCode = SecretBytes(Array(code[32...]))
    }

    /// The child `number'`: without its parent's secret nobody can tell that they belong together.
    ///
    /// - Precondition: `number` is below 2^31.
    func hardened(_ number: UInt32) -> ExtendedKey {
        precondition(number < 1 << 31, "a child's number has 31 bits")
        return child(number | 1 << 31, of: [0] + secret.bytes)
    }

    /// The child `number`, for NIP-06 alone, which ends its path with two such.
    ///
    /// - Precondition: `number` is below 2^31.
    func plain(_ number: UInt32) -> ExtendedKey {
        precondition(number < 1 << 31, "a child's number has 31 bits")
        return child(number, of: Secp256k1.compressedPoint(of: secret.bytes))
    }

    private func child(_ number: UInt32, of parent: [UInt8]) -> ExtendedKey {
        let numberBytes = withUnsafeBytes(of: number.bigEndian) { Array($0) }
        var code = HMAC512.code(of: parent + numberBytes, key: chainCode.bytes)
        code.replaceSubrange(..<32, with: Secp256k1.sum(of: secret.bytes, and: Array(code[..<32])))
        return ExtendedKey(code)
    }

    var key: SecretKey {
        guard let key = SecretKey(bytes: secret.bytes) else {
            preconditionFailure("a seed whose root is no key is one in 2^127")
        }
        return key
    }
}

/// What BIP-32 does with numbers and points.
private enum Secp256k1 {
    /// Sums modulo the group's order, in constant time.
    static func sum(of secret: [UInt8], and tweak: [UInt8]) -> [UInt8] {
        var sum = secret
        let done = secp256k1_ec_seckey_tweak_add(CurveContext.shared.pointer, &sum, tweak)
        precondition(done == 1, "a child that is no key is one in 2^127")
        return sum
    }

    /// The 33 bytes of a secret's point.
    static func compressedPoint(of secret: [UInt8]) -> [UInt8] {
        let context = CurveContext.shared.pointer
        var point = secp256k1_pubkey()
        var bytes = [UInt8](repeating: 0, count: 33)
        var count = 33
        let done =
            secp256k1_ec_pubkey_create(context, &point, secret) == 1
            && secp256k1_ec_pubkey_serialize(
                context, &bytes, &count, &point, UInt32(SECP256K1_EC_COMPRESSED)) == 1
        precondition(done, "a parent is a key")
        return bytes
    }
}

/// A libsecp256k1 context: made once, then only read.
///
/// `@unchecked Sendable`: the library takes the context as `const`, and lets any number of threads use it so.
private final class CurveContext: @unchecked Sendable {
    static let shared = CurveContext()
    let pointer: OpaquePointer

    private init() {
        guard let context = secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE)) else {
            preconditionFailure("libsecp256k1 makes a context or aborts by itself")
        }
        pointer = context
    }
}
