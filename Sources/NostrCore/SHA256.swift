// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CCrypto

/// SHA-256 (FIPS 180-4), by libcrypto.
public enum SHA256 {
    public static func digest(_ bytes: Span<UInt8>) -> Bytes32 { fatalError("not written yet") }
    /// The same for an array.
    public static func digest(_ bytes: [UInt8]) -> Bytes32 { digest(bytes.span) }
}
