// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NIOCore
import NostrCore
import RelaySession

/// What the commit feed has for one event loop: filled on the writer's thread, emptied on the loop.
///
/// Bounded: what does not fit is not kept, and the loop's subscriptions read it from the feed themselves.
final class FeedInbox: Sendable {
    private struct State {
        var items: [FeedItem] = []
        var bytes = 0
        /// Harvested and not handed out yet.
        var underWay = (items: 0, bytes: 0)
        /// When the first of them happened.
        var oldest: Uptime?
        var isAwaited = false
        /// Nobody on this loop has a subscription.
        var isIdle = true
        /// The last commit before those that found no room.
        var gapAfter: FeedPosition?
        var lostEphemerals = 0
    }

    /// All that had gathered.
    struct Harvest {
        var items: [FeedItem]
        var oldest: Uptime?
        var gapAfter: FeedPosition?
        var lostEphemerals: Int
    }

    let eventLoop: any EventLoop
    let room: NIOLoopBound<LoopRoom>
    private let limits: RelayServerLimits
    private let state = NIOLockedValueBox(State())

    init(eventLoop: any EventLoop, room: NIOLoopBound<LoopRoom>, limits: RelayServerLimits) {
        self.eventLoop = eventLoop
        self.room = room
        self.limits = limits
    }

    /// Items that wait, harvested ones among them.
    var depth: Int { state.withLockedValue { $0.items.count + $0.underWay.items } }

    /// Whether anybody on the loop wants events at all.
    func setIdle(_ isIdle: Bool) { state.withLockedValue { $0.isIdle = isIdle } }

    /// Keeps an item.
    ///
    /// - Returns: whether the loop has to be woken.
    func append(_ item: FeedItem, bytes: Int, at now: Uptime) -> Bool {
        state.withLockedValue { state in
            if state.isIdle { return false }
            let hasRoom =
                state.items.count + state.underWay.items < limits.waitingFeedItems
                && state.bytes + state.underWay.bytes < limits.waitingFeedBytes
            switch item {
            case _ where hasRoom && state.gapAfter == nil:
                state.items.append(item)
                state.bytes += bytes
                state.oldest = state.oldest ?? now
            case .commit(let commit):
                state.gapAfter = state.gapAfter ?? FeedPosition(commit: commit.sequence.rawValue &- 1)
            case .ephemeral: state.lostEphemerals += 1
            }
            defer { state.isAwaited = true }
            return !state.isAwaited
        }
    }

    /// All that has gathered, which takes its room until it is ``handedOut()``.
    func harvest() -> Harvest {
        state.withLockedValue { state in
            defer {
                state.underWay = (state.items.count, state.bytes)
                state.items = []
                state.bytes = 0
                state.oldest = nil
                state.gapAfter = nil
                state.lostEphemerals = 0
            }
            return Harvest(
                items: state.items, oldest: state.oldest, gapAfter: state.gapAfter,
                lostEphemerals: state.lostEphemerals)
        }
    }

    /// The harvest reached everybody.
    ///
    /// - Parameter isResting: the loop will look again by itself.
    /// - Returns: whether more has gathered; if not, ``append(_:bytes:at:)`` says when the loop has to be woken.
    func handedOut(isResting: Bool = false) -> Bool {
        state.withLockedValue { state in
            state.underWay = (0, 0)
            let hasMore = !state.items.isEmpty || state.gapAfter != nil || state.lostEphemerals > 0
            state.isAwaited = hasMore || isResting
            return hasMore
        }
    }
}
