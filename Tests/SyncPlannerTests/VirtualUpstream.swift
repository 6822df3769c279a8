// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport

/// One relay that behaves as NIP-01 says, and a store that takes everything unless told otherwise, around the planner
/// of a scene.
struct VirtualUpstream {
    var scene: Scene
    /// What the relay holds.
    private(set) var events: [EventID: Event] = [:]
    /// What our store holds.
    private(set) var stored: [EventID: Event] = [:]
    /// Every REQ, and when it came.
    private(set) var requests: [(at: Uptime, filters: [Filter])] = []
    /// What becomes of events that are not stored; `nil` of those that are.
    var fate: @Sendable (Event) -> Judgement? = { _ in nil }
    /// **Bytes** of live subscriptions that it has room for.
    var room = Int.max
    private let start: Timestamp
    private var presence = Presence.here
    private var link: LinkID?
    private var subscriptions: [SubscriptionID: [Filter]] = [:]

    enum Presence {
        case here
        /// Dials fail, and what was open is closed.
        case gone
        /// Dials fail, and what was open says nothing more.
        case silent
    }

    init(holding events: [Event], _ change: (inout SyncConfiguration) -> Void = { _ in }) {
        scene = Scene(change: change)
        start = scene.wall
        for event in events { self.events[event.id] = event }
    }

    /// By the clock of whoever publishes now.
    var clock: Timestamp { scene.wall }

    mutating func publish(_ new: [Event]) {
        for event in new { events[event.id] = event }
        guard presence == .here, let link else { return }
        for (id, filters) in subscriptions.sorted(by: { $0.key.text < $1.key.text }) {
            let matching = new.filter { event in filters.contains { $0.matches(event) } }
            if !matching.isEmpty { scene.tell(.received(link, matching.map { .event(id, $0) })) }
        }
        respond()
    }

    mutating func become(_ presence: Presence) {
        self.presence = presence
        if presence == .here { return }
        if presence == .gone, let link { scene.tell(.linkDown(link, .lost)) }
        link = nil
        subscriptions = [:]
        respond()
    }

    /// Lets time pass, and everything happen that is due in it.
    mutating func live(for span: Duration) {
        let end = scene.now + span
        while let deadline = scene.planner.nextDeadline, deadline <= end {
            moveOn(to: max(deadline, scene.now + .nanoseconds(1)))
        }
        moveOn(to: end)
    }

    private mutating func moveOn(to moment: Uptime) {
        scene.now = moment
        scene.wall = start.advanced(by: (moment - .zero).components.seconds)
        scene.tell(.tick)
        respond()
    }

    private mutating func respond() {
        while case let effects = scene.take(), !effects.isEmpty {
            for effect in effects { respond(to: effect) }
        }
    }

    private mutating func respond(to effect: SyncEffect) {
        switch effect {
        case .dial(let link, _) where presence == .here:
            self.link = link
            scene.tell(.linkUp(link))
        case .dial(let link, _): scene.tell(.dialFailed(link, .tcp))
        case .hangUp(let link) where link == self.link: self.link = nil
        case .open(let link, let id, let filters) where link == self.link: answer(link, id, filters)
        case .close(let link, let id) where link == self.link: subscriptions[id] = nil
        case .submit(let id, _, let events): judge(id, events.map(\.event))
        case .findAbsent(let id, let references):
            scene.tell(
                .absent(
                    id,
                    references.filter { reference in
                        switch reference {
                        case .event(let id): stored[id] == nil
                        case .address(let address): !stored.values.contains { $0.address == address }
                        }
                    }))
        default: break
        }
    }

    private mutating func answer(_ link: LinkID, _ id: SubscriptionID, _ filters: [Filter]) {
        requests.append((scene.now, filters))
        subscriptions[id] = filters
        if isLive(id), liveBytes > room {
            subscriptions[id] = nil
            return scene.tell(.received(link, [.closed(id, message: "error: too large together")]))
        }
        var chosen: Set<EventID> = []
        let newest = events.values.sorted(by: Event.newestFirst)
        for filter in filters {
            chosen.formUnion(newest.filter(filter.matches).prefix(filter.limit ?? 500).map(\.id))
        }
        let found = newest.filter { chosen.contains($0.id) }
        scene.tell(.received(link, found.map { .event(id, $0) } + [.endOfStoredEvents(id)]))
    }

    private func isLive(_ id: SubscriptionID) -> Bool { id.text.string.hasPrefix("l") }

    /// **Bytes** of the filters that are live.
    var liveBytes: Int {
        subscriptions.filter { isLive($0.key) }.values.joined().reduce(0) { $0 + $1.canonicalJSON.utf8.count }
    }

    private mutating func judge(_ id: SubmissionID, _ events: [Event]) {
        let new = events.filter { stored[$0.id] == nil && fate($0) == nil }
        for event in new { stored[event.id] = event }
        scene.position += 1
        let position = CommitPosition(scene.position)
        let isNew = Set(new.map(\.id))
        let judgements = events.map { event in
            isNew.contains(event.id) ? .stored(position) : fate(event) ?? .known
        }
        scene.tell(.judged(id, judgements))
        scene.tell(.followed(stored: new, removed: [], through: position))
    }
}
