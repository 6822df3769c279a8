// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The last `capacity` ids at least, and twice as many at most.
///
/// An id counts as its first eight bytes: whoever finds two that begin alike keeps an event of his own from one relay.
struct RecentIDs: Sendable {
    let capacity: Int
    private var young: Set<UInt64> = []
    private var old: Set<UInt64> = []

    init(capacity: Int) {
        precondition(capacity > 0, "a memory holds something")
        self.capacity = capacity
    }

    func contains(_ id: EventID) -> Bool {
        let word = id.bytes.words.0
        return young.contains(word) || old.contains(word)
    }

    mutating func insert(_ id: EventID) {
        if young.count >= capacity { (old, young) = (young, []) }
        young.insert(id.bytes.words.0)
    }

    mutating func insert(_ ids: some Sequence<EventID>) { for id in ids { insert(id) } }
}
