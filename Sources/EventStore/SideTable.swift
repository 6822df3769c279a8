// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A table of another module in the same store: a sync cursor's, a ban's. Declared when the store is opened.
public struct SideTable: Hashable, Sendable {
    /// Lower-case letters, digits and `_`.
    public let name: String

    public init(_ name: String) { self.name = name }
}

/// One row that is to be written with a batch of events, in their transaction.
public struct SideWrite: Hashable, Sendable {
    public var table: SideTable
    /// 1 … 511 bytes.
    public var key: [UInt8]
    /// `nil` deletes the row.
    public var value: [UInt8]?

    public init(_ table: SideTable, key: [UInt8], value: [UInt8]?) {
        self.table = table
        self.key = key
        self.value = value
    }
}
