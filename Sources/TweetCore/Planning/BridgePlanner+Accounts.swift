// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

// Who is watched, and which lists follow from that.
extension BridgePlanner {
    mutating func adopt(_ watched: [WatchedAccount], at now: Int64) {
        let watched = watched.prefix(PlannerLimits.accounts)
        let isChanged = Set(watched.map(\.id)) != Set(accounts.keys)
        accounts = Dictionary(watched.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        if isChanged { nextProfiles = min(nextProfiles, now) }
        var wanted: [FetchScope: String?] = [:]
        for account in watched where account.isMirrored {
            wanted.updateValue(nil, forKey: .timeline(account.id))
        }
        // In the order of their ids, so that an account that comes later changes the last query alone.
        let handles = watched.sorted { $0.id < $1.id }.compactMap(\.handle)
        for shard in SearchShard.around(handles, configuration.terms) {
            wanted.updateValue(shard.query, forKey: .search(shard.key))
        }
        for (scope, list) in lists where !wanted.keys.contains(scope) {
            // What is under way is answered to nobody.
            if let fetch = list.fetch { underWay[fetch] = nil }
            lists[scope] = nil
            // A page that is being kept may have moved it further: it is read again.
            left[scope] = list.progress
        }
        for (scope, query) in wanted.sorted(by: { $0.key.text < $1.key.text }) {
            if lists[scope] == nil {
                lists[scope] = List(
                    scope: scope, progress: left.removeValue(forKey: scope) ?? ListProgress(), nextTurn: now,
                    pagesLeft: configuration.pagesPerPoll)
            }
            lists[scope]?.query = query
        }
    }
}
