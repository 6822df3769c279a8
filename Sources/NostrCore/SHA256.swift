// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CCrypto

/// SHA-256 (FIPS 180-4), by libcrypto: fed piece by piece, without allocating.
public struct SHA256 {
    private var context = SHA256_CTX()

    public init() { SHA256_Init(&context) }

    public mutating func update(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBytes { _ = SHA256_Update(&context, $0.baseAddress, $0.count) }
    }

    public mutating func update(_ text: StaticString) {
        SHA256_Update(&context, text.utf8Start, text.utf8CodeUnitCount)
    }

    /// The digest of all that was fed.
    public consuming func finish() -> Bytes32 {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { digest in
            SHA256_Final(digest.baseAddress?.assumingMemoryBound(to: UInt8.self), &context)
            func word(_ at: Int) -> UInt64 {
                UInt64(bigEndian: digest.load(fromByteOffset: at, as: UInt64.self))
            }
            return Bytes32(words: (word(0), word(8), word(16), word(24)))
        }
    }

    public static func digest(_ bytes: Span<UInt8>) -> Bytes32 {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }
    /// The same for an array.
    public static func digest(_ bytes: [UInt8]) -> Bytes32 { digest(bytes.span) }
}
