// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CSecp256k1

/// A libsecp256k1 context: prepared once, then only read.
///
/// `@unchecked Sendable`: after `init` the library takes the context as `const`, and its documentation lets
/// any number of threads use it so.
final class Secp256k1Context: @unchecked Sendable {
    let pointer: OpaquePointer

    /// The one that blinds nothing.
    static let shared = Secp256k1Context(entropy: [])

    /// - Parameter entropy: 32 bytes that blind the arithmetic with secret keys; any other count blinds nothing.
    init(entropy: [UInt8]) {
        guard let context = secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE)) else {
            preconditionFailure("libsecp256k1 makes a context or aborts by itself")
        }
        pointer = context
        if entropy.count == 32 {
            let done = secp256k1_context_randomize(pointer, entropy)
            precondition(done == 1, "randomising a fresh context cannot fail")
        }
    }

    deinit { secp256k1_context_destroy(pointer) }
}
