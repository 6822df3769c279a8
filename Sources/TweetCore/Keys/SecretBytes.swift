// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Bytes that nothing may print: neither a description nor a mirror of them shows any.
struct SecretBytes: Sendable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "(secret)" }
    var debugDescription: String { "(secret)" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
