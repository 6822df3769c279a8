// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import Negentropy
public import NostrCore

/// Gathers what a filter matches, page by page, so that it can be reconciled. Holds no transaction between pages.
public struct StoredSetReading: Sendable {
    private var query: StoredQuery
    private var items: [NegentropyItem]
    private let most: Int
    private let filter: Filter
    private let scope: ReadScope
    private let now: Timestamp
    /// Whether no page was read yet.
    private var isFresh = true

    /// How the reading ended.
    public enum End: Sendable {
        case set(StoredSet)
        /// There are more items than were allowed.
        case tooMany
    }

    /// - Parameters:
    ///   - filter: its limit does not count (NIP-77).
    ///   - added: items that belong to the set though no such event is stored.
    ///   - scope: what the reader may not see is not there.
    ///   - now: what has expired by then (NIP-40) is not there.
    ///   - most: how many items a set may have that no tree tells.
    public init(
        _ filter: Filter, adding added: [NegentropyItem] = [], scope: ReadScope = .unrestricted,
        now: Timestamp, most: Int
    ) {
        var filter = filter
        filter.limit = nil
        (self.filter, self.scope, self.now) = (filter, scope, now)
        query = StoredQuery(
            filters: [filter], maxLimit: .max, defaultLimit: .max, now: now, scope: scope, ranks: false)
        items = added
        self.most = most
    }

    /// **Bytes** of memory that are held so far.
    public var heldBytes: Int { items.capacity * MemoryLayout<NegentropyItem>.stride }

    /// Reads on until the budget is spent or the end is reached; nothing is read where a tree tells the set.
    ///
    /// - Returns: `nil` when there is more to read.
    public mutating func readPage(
        of store: EventStore, budget: PageBudget
    ) throws(StoreError) -> End? {
        if isFresh {
            isFresh = false
            let snapshot = try ReadTransaction(store.environment)
            if let kept = try snapshot.keptSet(filter, adding: items, scope: scope, now: now, store) {
                return .set(kept)
            }
        }
        // One owner, so that it is not copied.
        var found = items
        items = []
        let most = most
        let end = try query.readPage(of: store, budget: budget) { _, header in
            found.append(NegentropyItem(header.createdAt, header.id))
            return found.count <= most
        }
        guard found.count <= most else { return .tooMany }
        if end == .more {
            items = found
            return nil
        }
        return .set(StoredSet(NegentropyArray(found)))
    }
}
