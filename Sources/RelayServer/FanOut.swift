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

    /// Empties an inbox on its loop.
    private static func deliver(_ inbox: FeedInbox, _ services: ServerServices) {
        let room = inbox.room.value
        let harvest = inbox.harvest()
        var touched: [SessionDriver] = []
        var receivers = 0
        for item in harvest.items {
            switch item {
            case .commit(let commit):
                let position = FeedPosition(commit.sequence)
                for event in commit.stored {
                    receivers += room.fanOut(event, at: position, isEphemeral: false, touched: &touched)
                }
            case .ephemeral(let event, let after):
                receivers += room.fanOut(event, at: FeedPosition(after), isEphemeral: true, touched: &touched)
            }
        }
        for driver in touched { driver.endOfDeliveries() }
        if let gap = harvest.gapAfter { room.missedEvents(after: gap) }
        for _ in 0..<harvest.lostEphemerals { services.observer.ephemeralLost() }
        if receivers > 0, let oldest = harvest.oldest {
            services.observer.fannedOut(latency: services.clock.uptime() - oldest, receivers: receivers)
        }
    }

    private static func size(of item: FeedItem) -> Int {
        switch item {
        case .commit(let commit): commit.stored.reduce(0) { $0 + $1.json.count }
        case .ephemeral(let event, _): event.json.count
        }
    }
}
