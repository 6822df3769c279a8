// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What takes how much room in the file, from one snapshot.
public struct StoreSizes: Hashable, Sendable, Codable {
    /// One table of the file.
    public struct Table: Hashable, Sendable, Codable {
        public var name: String
        public var rows: Int
        /// **Bytes** of its pages.
        public var bytes: Int
    }

    /// The commits that the durable log still holds.
    public struct Feed: Hashable, Sendable, Codable {
        public var latest: UInt64
        /// Absent when it holds none.
        public var oldest: UInt64?
        public var commits: Int
        public var bytes: Int
    }

    /// How far a table that follows from others is filled.
    public enum Filling: String, Hashable, Sendable, Codable {
        case whole, building, absent
    }

    public var events: Int
    /// **Bytes** of the file as the file system shows it.
    public var fileBytes: Int
    /// **Bytes** of pages that were ever taken.
    public var usedBytes: Int
    /// **Bytes** of pages that were given back and wait to be taken again.
    public var freeBytes: Int
    /// **Bytes** that the file may grow to.
    public var mapBytes: Int
    /// Largest first.
    public var tables: [Table]
    public var feed: Feed
    /// By name.
    public var derived: [String: Filling]

    /// **Bytes** of pages that hold something, however little.
    public var inUseBytes: Int { usedBytes - freeBytes }
}

extension EventStore {
    /// Looks at every table's size.
    ///
    /// - Complexity: linear in the transactions that gave pages back and were not reused yet.
    public func sizes() throws(StoreError) -> StoreSizes {
        let free = try environment.freeBytes()
        let file = try directory.fileBytes()
        return try read { snapshot throws(StoreError) in
            let extent = try environment.extent()
            var tables: [StoreSizes.Table] = []
            for (name, table) in schema.named {
                tables.append(
                    StoreSizes.Table(
                        name: name, rows: try snapshot.rows(table), bytes: try snapshot.bytes(of: table)))
            }
            tables.sort { ($0.bytes, $1.name) > ($1.bytes, $0.name) }
            var derived: [String: StoreSizes.Filling] = [:]
            for table in DerivedTable.allCases {
                derived[table.name] = try filling(of: table, snapshot)
            }
            let state = try snapshot.state(schema)
            var log = try Cursor(snapshot, schema.log)
            let oldest = try log.next() ? log.key.word(at: 0) : nil
            return StoreSizes(
                events: try snapshot.rows(schema.event), fileBytes: file, usedBytes: extent.used,
                freeBytes: min(free, extent.used), mapBytes: extent.map, tables: tables,
                feed: StoreSizes.Feed(
                    latest: state.sequence.rawValue, oldest: oldest,
                    commits: try snapshot.rows(schema.log), bytes: Int(clamping: state.logBytes)),
                derived: derived)
        }
    }

    /// **Bytes** of pages that hold something, however little; the feed's log aside: it has bounds of its own.
    ///
    /// - Complexity: as that of ``sizes()``.
    public func inUseBytes() throws(StoreError) -> Int {
        let free = try environment.freeBytes()
        return try read { snapshot throws(StoreError) in
            try environment.extent().used - free - snapshot.bytes(of: schema.log)
        }
    }

    private func filling(
        of derived: DerivedTable, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) -> StoreSizes.Filling {
        guard schema[derived] != nil else { return .absent }
        switch try snapshot.buildState(derived, schema) {
        case .whole: return .whole
        case .upTo(let key): return key.isEmpty && derived == .search ? .absent : .building
        }
    }
}

extension StoreSchema {
    /// Every table that is open, with its name in the file.
    fileprivate var named: [(String, Table)] {
        var tables = [
            ("event", event), ("meta", meta), ("gone_id", goneIDs), ("gone_address", goneAddresses),
            ("gone_author", goneAuthors), ("log", log),
        ]
        for index in IndexTable.allCases { tables.append((index.name, self[index])) }
        for derived in DerivedTable.allCases {
            if let table = self[derived] { tables.append((derived.name, table)) }
        }
        for (side, table) in sides { tables.append((Self.name(of: side), table)) }
        return tables
    }
}
