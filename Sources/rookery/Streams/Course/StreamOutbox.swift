// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NostrCore

/// Events on their way to one relay: each is here at most once, from the moment it is found to be wanted there until
/// the relay has answered.
struct StreamOutbox: Sendable {
    private let limits: StreamLimits
    private var waiting: Deque<EventID> = []
    /// Being read from the store.
    private var loading: Set<EventID> = []
    private var unanswered: [EventID: Sent] = [:]
    /// In the order of sending; those that were answered fall off at the front.
    private var order: Deque<EventID> = []
    private var unansweredBytes = 0
    /// All of ``waiting``.
    private var queued: Set<EventID> = []
    /// Whether ids found no room.
    private(set) var isOverfull = false

    private struct Sent: Sendable {
        let bytes: Int
        let at: Uptime
    }

    init(_ limits: StreamLimits) { self.limits = limits }

    var count: Int { waiting.count + loading.count + unanswered.count }
    var isEmpty: Bool { count == 0 }
    /// Whether the feed may be read on.
    var hasRoom: Bool { count < limits.waitingForMore }

    func contains(_ id: EventID) -> Bool {
        queued.contains(id) || loading.contains(id) || unanswered[id] != nil
    }

    /// Puts an id behind the others, unless it is here.
    mutating func add(_ id: EventID) {
        if contains(id) { return }
        guard waiting.count < limits.waiting else {
            isOverfull = true
            return
        }
        queued.insert(id)
        waiting.append(id)
    }

    /// What found no room will be found again.
    mutating func forgetOverflow() { isOverfull = false }

    /// The ids that are to be read from the store now.
    mutating func next() -> [EventID]? {
        let room = limits.unanswered - unanswered.count
        guard loading.isEmpty, !waiting.isEmpty, unansweredBytes < limits.unansweredBytes,
            room >= limits.unanswered / 2 || unanswered.isEmpty
        else { return nil }
        let ids = Array(waiting.prefix(room))
        waiting.removeFirst(ids.count)
        for id in ids { queued.remove(id) }
        loading = Set(ids)
        return ids
    }

    /// Takes what was read; what is not among it is not stored any more.
    ///
    /// - Returns: what is to be sent now.
    mutating func loaded(_ events: [Event], at now: Uptime) -> [Event] {
        let asked = loading
        loading = []
        var sent: [Event] = []
        var late: [EventID] = []
        for event in events where asked.contains(event.id) {
            guard unansweredBytes < limits.unansweredBytes else {
                late.append(event.id)
                continue
            }
            unanswered[event.id] = Sent(bytes: event.json.count, at: now)
            order.append(event.id)
            unansweredBytes += event.json.count
            sent.append(event)
        }
        for id in late.reversed() { putBack(id) }
        return sent
    }

    /// - Returns: whether it was waited for.
    mutating func answered(_ id: EventID) -> Bool {
        guard let sent = unanswered.removeValue(forKey: id) else { return false }
        unansweredBytes -= sent.bytes
        while let first = order.first, unanswered[first] == nil { order.removeFirst() }
        return true
    }

    /// It goes first next time.
    mutating func putBack(_ id: EventID) {
        guard queued.insert(id).inserted else { return }
        waiting.prepend(id)
    }

    /// When the first event was sent that is not answered.
    var oldest: Uptime? { order.first.flatMap { unanswered[$0]?.at } }
}
