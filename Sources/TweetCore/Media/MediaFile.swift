// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// A file, by what is in it.
public struct MediaFile: Hashable, Sendable {
    /// Of its bytes.
    public var hash: Bytes32
    /// **Bytes**.
    public var size: Int64
    /// What it is, by its first bytes.
    public var type: String

    public init(hash: Bytes32, size: Int64, type: String) {
        self.hash = hash
        self.size = size
        self.type = type
    }

    /// In lower-case hex.
    public var sha256: String { Hex.string(hash.bytes) }
}
