// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOCore
import NostrCore
import RelaySession

/// The conversations of one event loop, and who of them wants which live event. Confined to that loop.
final class LoopRoom {
    let eventLoop: any EventLoop
    let services: ServerServices
    private var drivers = [SessionDriver?]()
    private var freePlaces: [Int] = []
    private var index = SubscriptionIndex()
    let headings = Headings()
    /// Whether the index is about to be tidied.
    private var isTidying = false
    /// Called once nothing is in flight any more.
    private var idlePromise: EventLoopPromise<Void>?
    private(set) var isStopping = false
    /// What was taken from the feed's inbox and is not handed out yet.
    var delivery: FeedDelivery?
    /// Which pages are read here rather than on a reader thread.
    var shortReads: ShortReads
    /// For making small messages.
    var scratch: [UInt8] = []
    /// For what one input leads to: every conversation of the room uses the same.
    private var spareActions: [SessionAction] = []

    init(eventLoop: any EventLoop, services: ServerServices) {
        self.eventLoop = eventLoop
        self.services = services
        shortReads = ShortReads(services.limits.shortReads)
    }

    var hasSubscribers: Bool { index.count > 0 }

    func enter(_ driver: SessionDriver) -> Int {
        if let place = freePlaces.popLast() {
            drivers[place] = driver
            return place
        }
        drivers.append(driver)
        return drivers.count - 1
    }

    func leave(_ place: Int) {
        drivers[place] = nil
        freePlaces.append(place)
        if isStopping { checkIdle() }
    }

    /// - Returns: how its live events begin.
    func watch(
        _ place: Int, _ slot: SubscriptionSlot, _ id: SubscriptionID, _ filters: [Filter]
    ) -> Heading {
        index.insert(LiveSubscriber(place: place, slot: slot), filters)
        tidyLater()
        return headings.take(id)
    }

    func unwatch(_ place: Int, _ slot: SubscriptionSlot, _ heading: Heading) {
        headings.giveBack(heading)
        index.remove(LiveSubscriber(place: place, slot: slot))
        tidyLater()
    }

    /// Long filters are filed and forgotten a piece at a time. A task that enqueues itself would be run again before any
    /// socket is looked at, so each piece is due a moment later.
    private func tidyLater() {
        guard index.hasChores, !isTidying else { return }
        isTidying = true
        eventLoop.assumeIsolated().scheduleTask(in: .microseconds(services.limits.turnRestMicroseconds)) {
            [self] in
            isTidying = false
            index.tidy(services.limits.valuesFiledAtOnce)
            tidyLater()
        }
    }

    /// Hands one event to everybody who wants it.
    ///
    /// - Returns: how many conversations it was sent to.
    func fanOut(_ live: LiveEvent, touched: inout [SessionDriver]) -> Int {
        var found: [LiveSubscriber] = []
        index.forEachMatch(live.event) { found.append($0) }
        guard !found.isEmpty, !hasExpired(live.event) else { return 0 }
        let isGuarded = services.terms.features.guardedKinds.contains(live.event.kind)
        let frames = headings.frames(of: live.event)
        var receivers = 0
        for subscriber in found {
            guard let driver = drivers[subscriber.place] else { continue }
            if isGuarded, !driver.session.scope.allows(live.event) { continue }
            guard driver.receive(live, frames, for: subscriber.slot) else { continue }
            receivers += 1
            if !driver.isTouched {
                driver.isTouched = true
                touched.append(driver)
            }
        }
        return receivers
    }

    /// The room missed what happened after `position`: every subscription reads on by itself.
    func missedEvents(after position: FeedPosition) {
        for driver in drivers { driver?.missedEvents(after: position) }
    }

    /// Something is gone: nobody is given it from what is held for them.
    func takeBack() {
        for driver in drivers { driver?.takeBack() }
    }

    /// Ephemeral events do not expire (NIP-40): they are not kept long enough for it.
    func hasExpired(_ event: Event) -> Bool {
        guard !event.kind.isEphemeral, let expiration = event.expiration else { return false }
        return expiration <= services.clock.now()
    }

    /// An empty list with room in it; one made meanwhile has none.
    func takeActions() -> [SessionAction] {
        defer { spareActions = [] }
        return spareActions
    }

    func giveBack(_ actions: consuming [SessionAction]) {
        actions.removeAll(keepingCapacity: actions.capacity <= Self.spareCapacity)
        spareActions = actions
    }

    private static let spareCapacity = 4_096

    // MARK: Stopping

    /// Nothing new is read from clients; succeeds once every event in flight has been answered, or after `budget`.
    func stop(within budget: TimeAmount) -> EventLoopFuture<Void> {
        isStopping = true
        let promise = eventLoop.makePromise(of: Void.self)
        idlePromise = promise
        for driver in drivers { driver?.stopReading() }
        let deadline = eventLoop.assumeIsolated().scheduleTask(in: budget) { self.endWaiting() }
        checkIdle()
        return promise.futureResult.always { _ in deadline.cancel() }
    }

    func checkIdle() {
        if !drivers.contains(where: { $0?.isBusy == true }) { endWaiting() }
    }

    private func endWaiting() {
        guard let promise = idlePromise else { return }
        idlePromise = nil
        promise.succeed()
    }
}
