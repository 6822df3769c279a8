// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What will happen when: earliest first, first come first among equals.
struct Agenda<Action> {
    private var entries: [(at: Uptime, order: Int, action: Action)] = []
    private var order = 0

    mutating func add(_ action: Action, at moment: Uptime) {
        order += 1
        var (low, high) = (0, entries.count)
        // Latest first, so that the next is the last.
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].at > moment { low = middle + 1 } else { high = middle }
        }
        entries.insert((moment, order, action), at: low)
    }

    var nextMoment: Uptime? { entries.last?.at }

    mutating func next() -> (at: Uptime, action: Action)? {
        entries.popLast().map { ($0.at, $0.action) }
    }
}
