// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
public import NostrCore
public import TweetCore

extension BridgeStore {
    /// A signed event of ours, as it is stored.
    public func signed(_ id: EventID) throws(BridgeStoreError) -> Event? {
        try readingStore { () throws(StoreError) in try store.event(id) }
    }

    /// The events of a post's versions that have not been taken back, the oldest version first.
    func standing(versionsOf id: PostID) throws(BridgeStoreError) -> [(version: PostID, event: MirroredEvent)]
    {
        let first = try post(id)?.first ?? id
        var found: [(version: PostID, event: MirroredEvent)] = []
        for version in Set(try versions(of: first) + [id, first]).sorted() {
            guard let row = try mirror(version), row.isStanding, let event = row.id, let author = row.author
            else { continue }
            found.append((version, MirroredEvent(id: event, pubkey: author, kind: Kind(row.kind))))
        }
        return found
    }

    /// The account of whoever has a handle now.
    public func account(of handle: Handle) throws(BridgeStoreError) -> AccountRow? {
        guard let id = try user(of: handle) else { return nil }
        return try account(id)
    }

    /// How all lists were left.
    func listProgress() throws(BridgeStoreError) -> [FetchScope: ListProgress] {
        var gaps: [String: [PostGap]] = [:]
        for row in try allGaps(limit: 10_000) {
            gaps[row.scope, default: []].append(
                PostGap(low: row.low, high: row.high, token: nil, left: row.left))
        }
        var progress: [FetchScope: ListProgress] = [:]
        for (scope, row) in try cursors(limit: 20_000) {
            progress[scope] = ListProgress(since: row.since, gaps: gaps[scope.text] ?? [])
        }
        return progress
    }
}

extension CursorChange {
    init(_ change: ListChange, at now: Int64) {
        self.init(
            change.scope, advance: change.advance, closed: change.closed,
            gaps: change.gaps.map {
                var row = GapRow(change.scope, low: $0.low, high: $0.high, token: $0.token, at: now)
                row.left = $0.left
                return row
            })
    }
}
