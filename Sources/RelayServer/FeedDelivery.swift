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
    private var hasTakenBack = false
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

    enum Step {
        case event(LiveEvent)
        /// What happened before must not be given to anybody from memory.
        case takeBack
    }

    /// What comes next.
    mutating func next() -> Step? {
        while let item = items.first {
            switch item {
            case .commit(let commit) where commit.takesBack && !hasTakenBack:
                hasTakenBack = true
                return .takeBack
            case .commit(let commit) where offset < commit.stored.count:
                defer { offset += 1 }
                return .event(
                    LiveEvent(
                        commit.stored[offset],
                        at: .after(event: commit.numbers[offset], of: commit.sequence.rawValue)))
            case .commit:
                items.removeFirst()
                (offset, hasTakenBack) = (0, false)
            case .ephemeral(let event, let after):
                items.removeFirst()
                return .event(LiveEvent(event, at: FeedPosition(after), isEphemeral: true))
            }
        }
        return nil
    }
}
