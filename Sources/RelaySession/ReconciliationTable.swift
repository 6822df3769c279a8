// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The open reconciliations of one connection, by number and by id: ids of their own, apart from those of subscriptions.
struct ReconciliationTable: Sendable {
    private var numbers: [SubscriptionID: ScanNumber] = [:]
    private var open: [ScanNumber: Reconciliation] = [:]
    /// What their messages take that are not answered yet, in **bytes**.
    private(set) var size = 0

    var count: Int { open.count }

    func number(of id: SubscriptionID) -> ScanNumber? { numbers[id] }

    subscript(number: ScanNumber) -> Reconciliation? { open[number] }

    mutating func insert(_ reconciliation: Reconciliation, as number: ScanNumber) {
        precondition(numbers[reconciliation.id] == nil, "an id is open once")
        numbers[reconciliation.id] = number
        open[number] = reconciliation
        size += reconciliation.size
    }

    mutating func remove(_ number: ScanNumber) -> Reconciliation? {
        guard let removed = open.removeValue(forKey: number) else { return nil }
        numbers[removed.id] = nil
        size -= removed.size
        // A resting client holds no room for them.
        if open.isEmpty { (numbers, open) = ([:], [:]) }
        return removed
    }

    /// Changes one in place.
    mutating func update(_ number: ScanNumber, _ change: (inout Reconciliation) -> Void) {
        var grown = 0
        open[number]?.change { reconciliation in
            let before = reconciliation.size
            change(&reconciliation)
            grown = reconciliation.size - before
        }
        size += grown
    }

    /// When the next of those that rest has rested for `patience`.
    func nextDeadline(after patience: Duration) -> Uptime? {
        open.values.lazy.filter(\.isResting).map { $0.lastHeard + patience }.min()
    }

    /// Those that have rested for `patience`.
    func idle(at now: Uptime, after patience: Duration) -> [ScanNumber] {
        open.filter { $0.value.isResting && $0.value.lastHeard + patience <= now }
            .map(\.key).sorted { $0.number < $1.number }
    }
}
