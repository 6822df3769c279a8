// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Synchronization

/// How many blobs are fetched for others at once.
final class MirrorPlaces: Sendable {
    private let limit: Int
    private let taken = Atomic(0)

    init(_ limit: Int) { self.limit = limit }

    /// - Returns: whether there was a place.
    func take() -> Bool {
        if taken.add(1, ordering: .relaxed).newValue <= limit { return true }
        leave()
        return false
    }

    func leave() { taken.subtract(1, ordering: .relaxed) }
}
