// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What signs requests in.
public struct CredentialRow: Hashable, Sendable, Codable {
    public var kind: String
    /// Encrypted; see ``TokenSeal``.
    var sealed: [UInt8]
    /// **Milliseconds** since 1970.
    public var expires: Int64?
    /// Grows by one with every renewal.
    public var rotation: UInt64
    public var updatedAt: Int64
}
