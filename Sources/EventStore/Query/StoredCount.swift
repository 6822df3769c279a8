// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// How many stored events match any of some filters (NIP-45); limits do not count. Read in pages.
public struct StoredCount: Sendable {
    public init(filters: [Filter], now: Timestamp) { fatalError("not written yet") }

    /// Counted so far.
    public private(set) var total = 0

    /// Counts on until the budget is spent or the end is reached.
    public mutating func readPage(of store: EventStore, budget: PageBudget) throws(StoreError) -> PageEnd {
        fatalError("not written yet")
    }
}
