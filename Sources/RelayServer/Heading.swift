// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NostrCore
import RelayTransport

/// What all subscriptions of one id have in common on an event loop, whoever has them: `["EVENT","…",`, and the frames of
/// live events that begin with it.
final class Heading {
    let id: SubscriptionID
    let prefix: [UInt8]
    /// How many subscriptions have it.
    var users = 0
    /// The frames of this turn, of which each is made once.
    private var strip: FrameStrip?
    /// The event that was framed last.
    private var last: (event: UInt64, frames: Range<Int>) = (0, 0..<0)

    init(_ id: SubscriptionID) {
        self.id = id
        prefix = EventMessage.prefix(id)
    }

    /// Whether frames were made in this turn.
    var isInUse: Bool { strip != nil }

    /// The frame of an event, made unless it was.
    ///
    /// - Parameter number: another for each event.
    func frame(_ event: Event, number: UInt64, capacity: Int) -> (frames: Range<Int>, strip: FrameStrip) {
        if let strip, last.event == number { return (last.frames, strip) }
        let strip = room(capacity)
        let (prefix, json) = (prefix, event.json)
        last = (number, strip.append(header: prefix.span, body: json.span, trailer: EventMessage.trailer))
        return (last.frames, strip)
    }

    private func room(_ capacity: Int) -> FrameStrip {
        if let strip, !strip.isFull { return strip }
        strip?.seal()
        let next = FrameStrip(capacity: capacity)
        strip = next
        return next
    }

    /// The turn is over: what was framed belongs to whoever is sent it.
    ///
    /// - Returns: **bytes** of it.
    func endTurn() -> Int {
        defer { strip = nil }
        strip?.seal()
        return strip?.count ?? 0
    }
}
