// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NostrCore

/// Stored events that are to be removed in one transaction.
final class Errand: Sendable {
    /// Which those are.
    enum Order: Sendable {
        /// The newest that match, but for those that stay.
        case matching(Filter, keeping: Set<EventID>, limit: Int)
        case named(RemovalOrder)
        /// None, but the sums of sets that are reconciled: they are made anew.
        case trees
    }

    let order: Order
    private let count = NIOLockedValueBox(0)

    init(_ order: Order) { self.order = order }

    /// How many were removed, once that is on the disk.
    var removed: Int { count.withLockedValue { $0 } }

    /// Removes them; when the transaction fails and is tried again, so is this.
    func run(in writer: inout StoreWriter) throws(StoreError) {
        let removed =
            switch order {
            case .matching(let filter, let kept, let limit):
                try writer.remove(filter, keeping: kept, limit: limit)
            case .named(let order): try writer.remove(order)
            case .trees: try writer.makeTreesAnew()
            }
        count.withLockedValue { $0 = removed }
    }
}

extension StoreWriter {
    fileprivate mutating func makeTreesAnew() throws(StoreError) -> Int {
        try dropTrees()
        return 0
    }

    /// Removes what an order names and does not spare; says how many.
    fileprivate mutating func remove(_ order: RemovalOrder) throws(StoreError) -> Int {
        var removed = 0
        for id in order.ids {
            if let number = order.sparesLinksFrom, try isLinkedToNews(id, from: number) { continue }
            let wasThere = try order.leavesTombstones ? bury(id) : remove(id, reason: .operator)
            if wasThere { removed += 1 }
        }
        return removed
    }
}
