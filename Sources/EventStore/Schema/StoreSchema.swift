// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The tables of an open store.
struct StoreSchema: Sendable {
    /// Serial → record.
    let event: Table
    /// Format, secret, state.
    let meta: Table
    /// (id, author) whose deletion was asked for (NIP-09).
    let goneIDs: Table
    /// Address → the time up to which its versions are deleted (NIP-09).
    let goneAddresses: Table
    /// Author → the time up to which everything is gone (NIP-62).
    let goneAuthors: Table
    /// Commit sequence → what the commit did.
    let log: Table
    private let indexes: [Table]
    /// `nil` where they are not made: a reader cannot.
    private let derived: [Table?]
    let sides: [SideTable: Table]

    /// Words are looked up and written only where ``DerivedTable/search`` is there.
    subscript(_ index: IndexTable) -> Table {
        if index == .word, let words = derived[DerivedTable.search.rawValue] { return words }
        return indexes[index.rawValue]
    }
    subscript(_ derived: DerivedTable) -> Table? { self.derived[derived.rawValue] }

    static let coreNames = ["event", "meta", "gone_id", "gone_address", "gone_author", "log"]
    /// In the order that ``init(_:sides:)`` takes tables.
    static let names = coreNames + IndexTable.allCases.map(\.name)
    static func name(of side: SideTable) -> String { "side." + side.name }

    /// - Parameters:
    ///   - tables: those of ``names``, in order.
    ///   - derived: those of ``DerivedTable``, in order.
    init(_ tables: [Table], derived: [Table?], sides: [SideTable: Table]) {
        precondition(tables.count == Self.names.count, "one table a name")
        event = tables[0]
        meta = tables[1]
        goneIDs = tables[2]
        goneAddresses = tables[3]
        goneAuthors = tables[4]
        log = tables[5]
        indexes = Array(tables[6...])
        self.derived = derived
        self.sides = sides
    }
}
