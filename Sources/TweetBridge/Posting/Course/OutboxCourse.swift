// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NostrCore

/// What to do about one further relay: when to dial, what to send, what its answers mean. Decides only.
///
/// ```
/// idle ──work──▶ inquiring ──▶ connecting ──▶ open ──nothing to do──▶ idle
///   ▲                              │            │
///   └────────── waiting ◀──failed──┴────────────┘
/// ```
struct OutboxCourse: Sendable {
    enum Phase: Hashable, Sendable {
        case idle
        case waiting(until: Uptime)
        /// What it says about itself is being read (NIP-11).
        case inquiring
        case connecting
        case open(since: Uptime)
    }

    enum Input: Sendable {
        case tick
        /// When something is due next: **milliseconds** since 1970.
        case due(Int64?)
        /// **Seconds** that an event may be old.
        case information(oldest: Int64?)
        /// What was taken from the outbox, and when something is due next.
        case claimed([OutboundEvent], due: Int64?)
        case settled(due: Int64?)
        /// The store could not.
        case storeFailed([EventID: DeliveryOutcome])
        /// From the conversation of this number.
        case heard(Int, Heard)
    }

    enum Heard: Sendable {
        case opened
        case message(RelayMessage)
        case signed(Event)
        /// It could not be dialled, or it is over.
        case ended(String)
    }

    enum Effect: Hashable, Sendable {
        case inquire
        case dial(Int)
        case hangUp
        case send(ClientMessage)
        /// A challenge, for the URL that was dialled.
        case sign(String)
        case claim(Int)
        case settle([EventID: DeliveryOutcome])
        case note(Note)
    }

    enum Note: Hashable, Sendable {
        case failed(String, retryIn: Duration)
        case rests(Duration)
        case refused(EventID, RelayReply)
    }

    struct Sent {
        let event: OutboundEvent
        let at: Uptime
    }

    let limits: PostingLimits
    var phase = Phase.idle
    /// Of conversations; what an earlier one says is not heard.
    var number = 0
    var due: Int64?
    var queue: Deque<OutboundEvent> = []
    var unanswered: [EventID: Sent] = [:]
    var unansweredBytes = 0
    var outcomes: [EventID: DeliveryOutcome] = [:]
    var isClaiming = false
    var isSettling = false
    var bucket: TokenBucket
    var key = KeyShowing.idle
    var failures = 0
    var rests = 0
    var restUntil: Uptime?
    var storeRest: Uptime?
    var lastUse = Uptime.zero
    var informedAt: Uptime?
    /// **Seconds**.
    var oldest: Int64?
    /// When ``reduce(_:at:wall:using:)`` must be called with `.tick`.
    private(set) var nextDeadline: Uptime?

    init(_ limits: PostingLimits) {
        self.limits = limits
        bucket = TokenBucket(perSecond: limits.eventsPerSecond, burst: limits.burst)
    }

    /// - Parameter wall: **milliseconds** since 1970.
    mutating func reduce(
        _ input: Input, at now: Uptime, wall: Int64, using chance: inout some RandomNumberGenerator
    ) -> [Effect] {
        var effects: [Effect] = []
        switch input {
        case .tick: break
        case .due(let moment): due = moment
        case .information(let seconds):
            if phase == .inquiring {
                (oldest, informedAt) = (seconds, now)
                dial(&effects)
            }
        case .claimed(let events, let moment):
            (isClaiming, due) = (false, moment)
            queue.append(contentsOf: events)
            if case .open = phase { break }
            // The conversation has ended meanwhile.
            giveBack(wall, "", using: &chance)
        case .settled(let moment): (isSettling, due) = (false, moment)
        case .storeFailed(let unsettled):
            (isClaiming, isSettling) = (false, false)
            outcomes.merge(unsettled) { new, _ in new }
            storeRest = now + .seconds(1)
        case .heard(number, let heard): hear(heard, now, wall, &effects, using: &chance)
        case .heard: break
        }
        goOn(now, wall, &effects, using: &chance)
        nextDeadline = deadline(now, wall)
        return effects
    }
}

extension Duration {
    /// Rounded down.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}
