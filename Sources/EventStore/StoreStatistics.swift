// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a store holds, at no cost.
public struct StoreStatistics: Hashable, Sendable {
    public var events: Int
    /// **Bytes** of the file in use or free for reuse.
    public var usedBytes: Int
    /// **Bytes** the file may grow to.
    public var mapBytes: Int
    public var latest: CommitSequence
    /// Rows a table, by name.
    public var rows: [String: Int]
}
