// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Synchronization

/// How many have a place of some kind, over all event loops.
final class Places: Sendable {
    private let taken = Atomic(0)

    /// - Returns: whether there was one.
    func take(of limit: Int) -> Bool {
        if taken.add(1, ordering: .relaxed).newValue <= limit { return true }
        leave()
        return false
    }

    func leave() { taken.subtract(1, ordering: .relaxed) }

    /// Places that are taken.
    var count: Int { taken.load(ordering: .relaxed) }
}
