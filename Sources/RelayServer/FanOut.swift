// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOCore
import NostrCore
import RelaySession

/// Follows the commit feed and hands every event to each event loop, in batches, where it is matched once.
final class FanOut: Sendable {
    private let inboxes: [FeedInbox]
    private let inboxesByLoop: [ObjectIdentifier: FeedInbox]
    private let services: ServerServices
    private let subscription: FeedSubscription

    init(group: any EventLoopGroup, feed: some CommitFeed, services: ServerServices) async throws {
        var inboxes: [FeedInbox] = []
        for loop in group.makeIterator() {
            let room = try await loop.submit {
                NIOLoopBound(LoopRoom(eventLoop: loop, services: services), eventLoop: loop)
            }
            .get()
            inboxes.append(FeedInbox(eventLoop: loop, room: room, limits: services.limits))
        }
        self.inboxes = inboxes
        self.services = services
        inboxesByLoop = Dictionary(uniqueKeysWithValues: inboxes.map { (ObjectIdentifier($0.eventLoop), $0) })
        subscription = feed.subscribe { [inboxes, services] item in
            let bytes = Self.size(of: item)
            let now = services.clock.uptime()
            for inbox in inboxes where inbox.append(item, bytes: bytes, at: now) {
                inbox.eventLoop.execute { Self.deliver(inbox, services) }
            }
        }
    }

    /// The place of an event loop; `nil` for a loop of another group.
    func inbox(of eventLoop: any EventLoop) -> FeedInbox? { inboxesByLoop[ObjectIdentifier(eventLoop)] }

    var depth: Int { inboxes.reduce(0) { $0 + $1.depth } }

    func cancel() { subscription.cancel() }

    /// Nothing new is read from clients; returns once every event in flight has been answered, or after `budget`.
    func stop(within budget: TimeAmount) async {
        let stopped = inboxes.map { inbox in
            inbox.eventLoop.flatSubmit { inbox.room.value.stop(within: budget) }
        }
        for future in stopped { try? await future.get() }
    }

    /// Hands out what an inbox holds, on its loop, for as long as a turn may take; the rest follows in further turns.
    private static func deliver(_ inbox: FeedInbox, _ services: ServerServices) {
        let room = inbox.room.value
        var delivery = room.delivery ?? FeedDelivery(inbox.harvest())
        room.delivery = nil
        let start = services.clock.uptime()
        let end = start + .milliseconds(services.limits.fanOutMilliseconds)
        var touched: [SessionDriver] = []
        var (receivers, now, isComplete) = (0, end, true)
        while let step = delivery.next() {
            switch step {
            case .event(let live): receivers += room.fanOut(live, touched: &touched)
            case .takeBack: room.takeBack()
            }
            now = services.clock.uptime()
            if now >= end {
                isComplete = false
                break
            }
        }
        room.headings.endTurn()
        for driver in touched { driver.endOfDeliveries() }
        if receivers > 0, let oldest = delivery.oldest {
            services.observer.fannedOut(latency: now - oldest, receivers: receivers)
        }
        if isComplete {
            if let gap = delivery.gapAfter { room.missedEvents(after: gap) }
            if delivery.lostEphemerals > 0 { services.observer.ephemeralLost(delivery.lostEphemerals) }
        } else {
            room.delivery = delivery
            // A task that enqueues itself would be run again before any socket is looked at.
            inbox.eventLoop.scheduleTask(in: .microseconds(services.limits.turnRestMicroseconds)) {
                deliver(inbox, services)
            }
            return
        }
        let rest = services.limits.fanOutRest(after: services.clock.uptime() - start)
        if rest > .zero {
            _ = inbox.handedOut(isResting: true)
            inbox.eventLoop.scheduleTask(in: TimeAmount(rest)) { deliver(inbox, services) }
        } else if inbox.handedOut() {
            inbox.eventLoop.execute { deliver(inbox, services) }
        }
    }

    private static func size(of item: FeedItem) -> Int {
        switch item {
        case .commit(let commit): commit.stored.reduce(0) { $0 + $1.json.count }
        case .ephemeral(let event, _): event.json.count
        }
    }
}
