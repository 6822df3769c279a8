// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

extension BridgeStore {
    /// How far back X searches. **Milliseconds**.
    private static let searchAge: Int64 = 7 * 86_400_000

    /// Has searches that were never read go on where an older system left its one search for all (`since_id:combined`).
    ///
    /// That cursor holds for every part of its search alike; of several the lowest is taken. What X does not search any more is no
    /// place to go on from.
    public func seedSearches(
        _ terms: Set<SearchShard.Term>, at now: Int64
    ) async throws(BridgeStoreError) {
        let read = Dictionary(try cursors(limit: 20_000).map { ($0.0, $0.1.since) }) { first, _ in first }
        let imported = read.filter { $0.key.isOfOlderSystem }.values.min()
        guard let imported, imported > PostID.first(at: now - Self.searchAge) else { return }
        // As the planner parts them.
        let handles = try accounts(limit: PlannerLimits.accounts).filter(\.isActive).sorted { $0.id < $1.id }
            .compactMap { Handle($0.handle) }
        let scopes = SearchShard.around(handles, terms).map { FetchScope.search($0.key) }
        for scope in scopes where read[scope] == nil {
            _ = try await store([], cursor: CursorChange(scope, advance: imported))
        }
    }
}
