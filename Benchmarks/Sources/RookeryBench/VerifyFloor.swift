// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CFloor
import Dispatch
import NostrCore

/// How many signatures the C library alone verifies a second, on all cores at once.
///
/// Key parsing is part of it, as it is for a relay that sees a key for the first time; JSON, hashes, disk
/// and everything else is not.
struct VerifyFloor {
    private struct Signed: Sendable {
        let id: [UInt8]
        let key: [UInt8]
        let signature: [UInt8]
    }

    private let samples: [Signed]

    /// - Parameter events: a few thousand; their texts must be out of the way when the clock runs.
    init(_ events: [Event]) {
        samples = events.map {
            .init(id: $0.id.bytes.bytes, key: $0.pubkey.bytes.bytes, signature: $0.signatureBytes)
        }
    }

    /// Verifies for about `seconds` on `cores` cores.
    ///
    /// - Returns: signatures a second, all cores together.
    func measure(seconds: Double = 2, cores: Int = 2) -> Double {
        let samples = self.samples
        let start = Clock.now
        let counts = [Int](unsafeUninitializedCapacity: cores) { buffer, count in
            nonisolated(unsafe) let slots = buffer
            DispatchQueue.concurrentPerform(iterations: cores) { core in
                slots.initializeElement(
                    at: core, to: Self.verify(samples, until: start + seconds, from: core * 97))
            }
            count = cores
        }
        return Double(counts.reduce(0, +)) / (Clock.now - start)
    }

    private static func verify(_ samples: [Signed], until end: Double, from first: Int) -> Int {
        guard let context = secp256k1_context_create(UInt32(SECP256K1_CONTEXT_VERIFY)) else { return 0 }
        defer { secp256k1_context_destroy(context) }
        var key = secp256k1_xonly_pubkey()
        var count = 0
        while count % 64 != 0 || Clock.now < end {
            let signed = samples[(first + count) % samples.count]
            let isTrue =
                secp256k1_xonly_pubkey_parse(context, &key, signed.key) == 1
                && secp256k1_schnorrsig_verify(context, signed.signature, signed.id, 32, &key) == 1
            precondition(isTrue, "a generated signature is false")
            count += 1
        }
        return count
    }
}
