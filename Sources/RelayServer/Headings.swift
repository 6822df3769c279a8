// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NostrCore
import RelaySession
import RelayTransport

/// How live events begin, of all subscriptions of an event loop, and the frames that are made of them. Confined to that
/// loop.
final class Headings {
    private var byID: [SubscriptionID: Heading] = [:]
    /// Those with frames of this turn.
    fileprivate var inUse: [Heading] = []
    /// How large a strip is made at first: as large as those of the last turn became.
    fileprivate var stripCapacity = 4_096
    private var eventNumber: UInt64 = 0

    /// For one more subscription of an id.
    func take(_ id: SubscriptionID) -> Heading {
        let heading = byID[id] ?? Heading(id)
        if heading.users == 0 { byID[id] = heading }
        heading.users += 1
        return heading
    }

    func giveBack(_ heading: Heading) {
        heading.users -= 1
        if heading.users == 0 { byID[heading.id] = nil }
    }

    func frames(of event: Event) -> LiveFrames {
        eventNumber += 1
        return LiveFrames(event: event, number: eventNumber, headings: self)
    }

    /// What was framed in this turn is about to be sent.
    func endTurn() {
        guard !inUse.isEmpty else { return }
        var most = 0
        for heading in inUse { most = max(most, heading.endTurn()) }
        stripCapacity = min(max(4_096, most), 1 << 17)
        inUse.removeAll(keepingCapacity: true)
    }
}

/// One live event on its way to the subscribers of an event loop.
final class LiveFrames {
    private let event: Event
    private let number: UInt64
    private let headings: Headings
    /// For those who do not share frames.
    private lazy var body = ByteBuffer(bytes: event.json)

    fileprivate init(event: Event, number: UInt64, headings: Headings) {
        (self.event, self.number, self.headings) = (event, number, headings)
    }

    /// Appends `["EVENT","…",{…}]`: as a frame that others are sent, too, where there are any.
    func send(under heading: Heading, to connection: WebSocketConnection) {
        guard heading.users > 1, !connection.isCompressing else {
            let (prefix, trailer) = (heading.prefix, Self.trailer)
            return connection.sendShared(header: prefix.span, body: body, trailer: trailer.span)
        }
        if !heading.isInUse { headings.inUse.append(heading) }
        let (frames, strip) = heading.frame(event, number: number, capacity: headings.stripCapacity)
        connection.send(frames, of: strip)
    }

    private static let trailer: [UInt8] = [EventMessage.trailer]
}
