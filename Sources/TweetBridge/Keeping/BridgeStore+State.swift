// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
public import TweetCore

extension BridgeStore {
    // MARK: Lists that are read on

    /// Up to where a list was read.
    public func cursor(_ scope: FetchScope) throws(BridgeStoreError) -> PostID? {
        try read(.cursor(scope))?.since
    }

    /// What is missing below the cursor, the lowest first.
    public func gaps(_ scope: FetchScope, limit: Int = 100) throws(BridgeStoreError) -> [GapRow] {
        try values(BridgeTables.state, RowPlace<GapRow>.prefix(scope), limit: limit, as: GapRow.self)
            .filter { $0.scope == scope.text }
    }

    /// The gaps of all lists.
    public func allGaps(after: GapRow? = nil, limit: Int = 1_000) throws(BridgeStoreError) -> [GapRow] {
        let start = after.map { RowKey().with("gap:\($0.scope):").with($0.low) }
        return try values(
            BridgeTables.state, RowKey().with("gap:"), after: start, limit: limit, as: GapRow.self)
    }

    /// Every list with its cursor, by name.
    public func cursors(limit: Int = 1_000) throws(BridgeStoreError) -> [(FetchScope, CursorRow)] {
        let prefix = RowKey().with("since_id:")
        var found: [(FetchScope, CursorRow)] = []
        for row in try rows(BridgeTables.state, prefix, limit: limit) {
            let text = KeyReader(row.key, skipping: prefix.bytes.count).text
            guard let scope = FetchScope(text) else { continue }
            found.append((scope, try RowCodec.decode(row.value, as: CursorRow.self)))
        }
        return found
    }

    // MARK: Whatever else is remembered

    public func remembered(_ key: StateKey) throws(BridgeStoreError) -> StateRow? {
        try read(.remembered(key))
    }

    /// Remembers a value, or forgets it.
    public func remember(_ key: StateKey, _ value: String?) async throws(BridgeStoreError) {
        try await change { draft throws(BridgeStoreError) in try draft.remember(key, value, limits) }
    }
}

extension Draft {
    mutating func remember(
        _ key: StateKey, _ value: String?, _ limits: BridgeStoreLimits
    ) throws(BridgeStoreError) {
        guard key.isLegal else { throw .refused("\(key.text.prefix(40)) is no name of a value") }
        guard let value else { return try remove(.remembered(key)) }
        guard value.utf8.count <= limits.valueBytes else {
            throw .tooMuch("a value of \(value.utf8.count) bytes")
        }
        try write(.remembered(key), StateRow(value: value, updatedAt: now))
    }
}
