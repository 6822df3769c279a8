// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import EventStore
import NostrCore
import RelaySession

/// What an inbox held, on its way to the subscribers: an event at a time, so that a turn of the loop may end anywhere.
struct FeedDelivery {
    private var items: Deque<FeedItem>
    /// Of the first item's events the next.
    private var offset = 0
    /// When the first of them happened.
    let oldest: Uptime?
    let gapAfter: FeedPosition?
    let lostEphemerals: Int

    init(_ harvest: FeedInbox.Harvest) {
        items = Deque(harvest.items)
        oldest = harvest.oldest
        gapAfter = harvest.gapAfter
        lostEphemerals = harvest.lostEphemerals
    }

    /// The next event.
    mutating func next() -> LiveEvent? {
        while let item = items.first {
            switch item {
            case .commit(let commit) where offset < commit.stored.count:
                defer { offset += 1 }
                return LiveEvent(
                    commit.stored[offset],
                    at: .after(event: commit.numbers[offset], of: commit.sequence.rawValue))
            case .commit:
                items.removeFirst()
                offset = 0
            case .ephemeral(let event, let after):
                items.removeFirst()
                return LiveEvent(event, at: FeedPosition(after), isEphemeral: true)
            }
        }
        return nil
    }
}
