// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
public import TweetCore

/// Keeps the client's ledger in the store.
public struct SpendRows: SpendKeeping {
    let store: BridgeStore

    public init(store: BridgeStore) { self.store = store }

    public func keep(_ changes: SpendChanges) async throws {
        try await store.change { draft throws(BridgeStoreError) in
            for row in changes.put { try draft.write(.ledger(row), row) }
            for row in changes.removed { try draft.remove(.ledger(row)) }
        }
    }

    /// Every row that is kept.
    public func load() throws(BridgeStoreError) -> [SpendRow] {
        var found: [SpendRow] = []
        var after: [UInt8]?
        while true {
            let rows = try store.rows(BridgeTables.money, RowKey("l"), after: after, limit: 1_000)
            for row in rows { found.append(try RowCodec.decode(row.value, as: SpendRow.self)) }
            guard rows.count == 1_000, let last = rows.last else { return found }
            after = last.key
        }
    }
}

extension RowPlace where Value == SpendRow {
    static func ledger(_ row: SpendRow) -> Self {
        let day = RowKey("l").with(UInt64(clamping: row.day))
        let key =
            switch row.item {
            case .post(let id): day.with("p").with(id)
            case .user(let id): day.with("u").with(id)
            case .unread(let hash): day.with("x").with(hash)
            case .total(let purpose): day.with("t").with(byte: UInt8(truncatingIfNeeded: purpose.rawValue))
            case .held(let number, let purpose):
                day.with("h").with(UInt64(clamping: number)).with(
                    byte: UInt8(truncatingIfNeeded: purpose.rawValue))
            }
        return Self(BridgeTables.money, key)
    }
}
