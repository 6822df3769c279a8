// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore

/// Walks stored events newest first, a page at a time, without ever holding all of them.
struct ExportQuery {
    /// Events of one page; between two pages a reader of the store gives others their turn.
    static let pageEvents = 1000

    let store: EventStore
    let now: Timestamp

    /// Calls `take` with each event's JSON and header; `false` from it ends the walk.
    func walk(_ filters: [Filter], _ take: (Span<UInt8>, EventHeader) -> Bool) throws(StoreError) {
        var query = StoredQuery(filters: filters, maxLimit: .max, defaultLimit: .max, now: now, ranks: false)
        var wantsMore = true
        while wantsMore {
            let end = try query.readPage(of: store, budget: PageBudget(maxEvents: Self.pageEvents)) {
                json, header in
                wantsMore = take(json, header)
                return wantsMore
            }
            if case .finished = end { return }
        }
    }
}
