// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Masks or unmasks a payload in place: exclusive or with a key of four bytes (RFC 6455 §5.3).
///
/// - Parameter key: as it lies in memory.
func applyMask(_ key: UInt32, to payload: UnsafeMutableRawBufferPointer) {
    let word = UInt64(key) | UInt64(key) << 32
    let wholeWords = payload.count & ~7
    var offset = 0
    while offset < wholeWords {
        let masked = payload.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        payload.storeBytes(of: masked ^ word, toByteOffset: offset, as: UInt64.self)
        offset &+= 8
    }
    // The key repeats from the payload's start, and `offset` is a multiple of its length.
    withUnsafeBytes(of: key) { key in
        while offset < payload.count {
            payload[offset] ^= key[offset & 3]
            offset &+= 1
        }
    }
}
