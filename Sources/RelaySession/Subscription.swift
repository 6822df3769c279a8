// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// One open subscription: what is asked, and how far the client has been served.
///
/// Stored events come first, then `EOSE`, then live ones. A live event is sent when it happens only in the
/// phase `live`; before that it is held, and what does not fit is read from the commit feed afterwards.
struct Subscription: Sendable {
    let id: SubscriptionID
    let filters: [Filter]
    /// The length of the request in **bytes**.
    let size: Int
    /// When the request came.
    let arrived: Uptime
    private(set) var phase: Phase
    /// Every matching event up to here was sent, or is being sent by the stored scan. `nil` until the scan's first page.
    private(set) var position: FeedPosition?
    /// Live events after ``position``, oldest first.
    private(set) var held: [LiveEvent] = []
    /// What ``held`` takes, in **bytes**.
    private(set) var heldBytes = 0
    /// Whether live events after ``position`` are missing from ``held``.
    private(set) var hasGap = false

    enum Phase: Equatable, Sendable {
        /// Stored events are being sent. → `live`, `behind`
        case stored(ScanNumber)
        /// Live events are sent when they happen. → `behind`
        case live
        /// Missed live events are being read from the commit feed. → `live`
        case behind(ScanNumber)
    }

    /// How much more may be held.
    struct Room: Sendable {
        var events: Int
        var bytes: Int
    }

    init(id: SubscriptionID, filters: [Filter], size: Int, arrived: Uptime, scan: ScanNumber) {
        self.id = id
        self.filters = filters
        self.size = size
        self.arrived = arrived
        phase = .stored(scan)
    }

    /// The reading that serves this subscription now.
    var scan: ScanNumber? {
        switch phase {
        case .stored(let scan), .behind(let scan): scan
        case .live: nil
        }
    }

    /// The stored scan told which commit it saw.
    mutating func scanSaw(_ snapshot: FeedPosition) {
        if position == nil { move(to: snapshot) }
    }

    /// A piece of the feed was read, and its events are being sent.
    mutating func caughtUp(to end: FeedPosition) { move(to: end) }

    /// Live events that may be missing by now are about to be read: those that happen from here on are held again.
    mutating func beginCatchUp(_ scan: ScanNumber) {
        phase = .behind(scan)
        hasGap = false
    }

    /// Something was missed, and waits to be read as `scan`.
    mutating func awaitCatchUp(_ scan: ScanNumber) { phase = .behind(scan) }

    /// Everything up to now was served: what was held may go out, and what happens next is sent at once.
    mutating func goLive() -> [Event] {
        precondition(!hasGap, "a subscription with a gap is not live")
        phase = .live
        let events = held.map(\.event)
        if let last = held.last { position = max(position ?? last.position, last.position) }
        held = []
        heldBytes = 0
        return events
    }

    /// What happened after `position` was not sent, and waits to be read as `scan`.
    mutating func fallBehind(after position: FeedPosition, scan: ScanNumber) {
        self.position = max(self.position ?? position, position)
        phase = .behind(scan)
        hasGap = true
    }

    /// Live events were missed while others were being read: they have to be read afterwards.
    mutating func noteGap() {
        hasGap = true
        keepHeld { $0.isEphemeral }
    }

    /// Takes a live event that is to be sent now; anything else is left to ``receive(_:isWritable:room:)``.
    mutating func sendAtOnce(_ live: LiveEvent) -> Bool {
        guard case .live = phase, !live.isEphemeral, let position, live.position > position else {
            return false
        }
        self.position = live.position
        return true
    }

    /// Decides on a live event: one that happens now and has not been served yet.
    mutating func receive(_ live: LiveEvent, isWritable: Bool, room: Room) -> LiveDecision {
        if !live.isEphemeral, let position, live.position <= position { return .keep }
        guard phase == .live else { return hold(live, isWritable: isWritable, room: room) }
        if live.isEphemeral { return .send }
        guard isWritable else { return .fallBehind }
        position = live.position
        return .send
    }

    /// Keeps a live event for later, or remembers that it has to be read later. For a reader that does not read nothing is
    /// kept that can be read again.
    private mutating func hold(_ live: LiveEvent, isWritable: Bool, room: Room) -> LiveDecision {
        if hasGap, !live.isEphemeral { return .keep }
        if isWritable || live.isEphemeral, held.count < room.events, Self.size(of: live) <= room.bytes {
            held.append(live)
            heldBytes += Self.size(of: live)
            return .keep
        }
        if live.isEphemeral { return .lost }
        noteGap()
        return .fallBehind
    }

    /// What a held event takes, in **bytes**.
    static func size(of live: LiveEvent) -> Int { live.event.json.count + MemoryLayout<LiveEvent>.stride }

    /// Changes the subscription where it lies.
    mutating func change<R>(_ body: (inout Self) -> R) -> R { body(&self) }

    private mutating func move(to end: FeedPosition) {
        position = end
        keepHeld { $0.isEphemeral || $0.position > end }
    }

    private mutating func keepHeld(where keep: (LiveEvent) -> Bool) {
        held.removeAll { !keep($0) }
        if held.isEmpty { held = [] }
        heldBytes = held.reduce(0) { $0 + Self.size(of: $1) }
    }
}
