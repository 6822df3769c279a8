// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CSecp256k1

/// Verifies BIP-340 signatures; one serves any number of threads at once.
public final class Verifier: Sendable {
    private let context: Secp256k1Context

    public init() { context = .shared }

    /// Whether `signature`, 64 bytes, is `pubkey`'s over `message`.
    public func verify(signature: Span<UInt8>, message: Bytes32, pubkey: PublicKey) -> Bool {
        message.withBytes { verify(signature: signature, message: $0, pubkey: pubkey) }
    }

    /// The same for an array.
    public func verify(signature: [UInt8], message: Bytes32, pubkey: PublicKey) -> Bool {
        verify(signature: signature.span, message: message, pubkey: pubkey)
    }

    /// The same for a message of any length.
    public func verify(signature: [UInt8], message: [UInt8], pubkey: PublicKey) -> Bool {
        message.withUnsafeBufferPointer { verify(signature: signature.span, message: $0, pubkey: pubkey) }
    }

    /// The same, for those who check many: see ``PointCache``.
    public func verify(
        signature: Span<UInt8>, message: Bytes32, pubkey: PublicKey, cache: inout PointCache
    ) -> Bool {
        guard var point = cache.point(of: pubkey, find: point) else { return false }
        return message.withBytes { verify(signature: signature, message: $0, point: &point) }
    }

    private func verify(
        signature: Span<UInt8>, message: UnsafeBufferPointer<UInt8>, pubkey: PublicKey
    ) -> Bool {
        guard var point = point(of: pubkey) else { return false }
        return verify(signature: signature, message: message, point: &point)
    }

    private func verify(
        signature: Span<UInt8>, message: UnsafeBufferPointer<UInt8>, point: inout secp256k1_xonly_pubkey
    ) -> Bool {
        guard signature.count == 64 else { return false }
        return signature.withUnsafeBufferPointer { signature in
            guard let start = signature.baseAddress else { return false }
            return secp256k1_schnorrsig_verify(
                context.pointer, start, message.baseAddress, message.count, &point) == 1
        }
    }

    private func point(of pubkey: PublicKey) -> secp256k1_xonly_pubkey? {
        var point = secp256k1_xonly_pubkey()
        let isPoint = pubkey.bytes.withBytes { bytes in
            bytes.baseAddress.map { secp256k1_xonly_pubkey_parse(context.pointer, &point, $0) == 1 } ?? false
        }
        return isPoint ? point : nil
    }
}

extension Bytes32 {
    /// Lends the 32 bytes in order, on the stack.
    @inline(__always)
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let bigEndian = (
            words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian
        )
        return withUnsafeBytes(of: bigEndian) { bytes in bytes.withMemoryRebound(to: UInt8.self, body) }
    }
}
