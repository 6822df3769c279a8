// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOCore
import NostrCore
import RelaySession
import RelayTransport

/// One client's conversation on its socket: feeds a ``RelaySession`` and does what it decides.
///
/// Confined to its connection's event loop. Events go to the one door in batches, readings to the reader pool; both
/// answer by a hop back to the loop.
final class SessionDriver: WebSocketPeer {
    let fanOut: FanOut
    let services: ServerServices
    var session: RelaySession
    var connection: WebSocketConnection?
    var inbox: FeedInbox?
    var room: LoopRoom?
    var place = 0
    var scans: [ScanNumber: StoredScan] = [:]
    /// Counts between two slices.
    var counts: [ScanNumber: RunningCount] = [:]
    /// `["EVENT","…",` by subscription slot.
    var prefixes: [[UInt8]] = []
    /// Events that are handed over at the end of this burst.
    var submissions: (tickets: [EventTicket], events: [ParsedEvent]) = ([], [])
    /// Who its messages are charged to; `nil` for somebody who is exempt.
    private(set) var account: AddressKey?
    /// Cancelled when the conversation ends.
    let leaving = Cancellation()
    /// Whether live events were sent since the last flush.
    var isTouched = false
    /// Live events sent since the last flush, and their bytes.
    var delivered = (count: 0, bytes: 0)

    init(fanOut: FanOut, services: ServerServices) {
        self.fanOut = fanOut
        self.services = services
        var random = SystemRandomNumberGenerator()
        session = RelaySession(services.terms, challenge: Challenge(using: &random))
    }

    /// Whether a client's event has not been answered yet.
    var isBusy: Bool { session.eventsInFlight > 0 || !submissions.events.isEmpty }

    func opened(_ connection: WebSocketConnection) {
        guard let inbox = fanOut.inbox(of: connection.eventLoop) else {
            return connection.close(.internalError, reason: "wrong event loop")
        }
        self.connection = connection
        self.inbox = inbox
        account = services.rates.account(of: connection.remoteAddress)
        let room = inbox.room.value
        self.room = room
        place = room.enter(self)
        services.observer.connectionOpened()
        feed(.opened)
        finishTurn()
        if room.isStopping { stopReading() }
    }

    func received(_ message: Span<UInt8>) {
        guard connection != nil else { return }
        let size = message.count
        do {
            let parsed = try ClientMessage.parse(message)
            services.observer.received(ClientVerb(parsed), bytes: size)
            let now = services.clock.uptime()
            feed(refusal(of: parsed, size: size, at: now) ?? .message(parsed, size: size, at: now))
        } catch {
            services.observer.received(.unusable, bytes: size)
            let now = services.clock.uptime()
            charge(size: size, at: now)
            feed(.unusable(error, size: size, at: now))
        }
    }

    func readBurstEnded() { submit() }

    func writabilityChanged(_ isWritable: Bool) {
        feed(.writability(isWritable))
        finishTurn()
    }

    func closed(_ reason: CloseReason) {
        guard connection != nil else { return }
        // What it said in its last breath was said.
        submit()
        connection = nil
        services.observer.connectionClosed(reason)
        leaving.cancel()
        for scan in scans.values { scan.cancellation.cancel() }
        scans = [:]
        counts = [:]
        for slot in session.openSlots { unwatch(slot) }
        room?.leave(place)
    }

    /// No further message is taken from the client; what it sent before is still answered.
    func stopReading() {
        connection?.pauseReading()
    }

    /// Takes one input and does what it leads to.
    func feed(_ input: SessionInput) {
        guard let connection, let room else { return }
        session.isWritable = connection.isWritable
        var actions = room.takeActions()
        session.reduce(input, into: &actions)
        for action in actions { perform(action, connection) }
        room.giveBack(actions)
    }

    /// Outside of a read burst: hands over and sends what has gathered.
    func finishTurn() {
        submit()
        connection?.flush()
    }

    /// Hands the gathered events to the one door.
    func submit() {
        guard !submissions.events.isEmpty, let eventLoop = connection?.eventLoop else { return }
        let (tickets, events) = submissions
        let authors = account == nil ? [] : events.map(\.event.pubkey)
        submissions = ([], [])
        let driver = NIOLoopBound(self, eventLoop: eventLoop)
        services.door.submit(events, client) { answers in
            eventLoop.execute {
                driver.value.charge(authors, answers)
                driver.value.judged(tickets, answers)
            }
        }
    }

    /// Who it is, as far as it has shown.
    var client: EventDoor.Client {
        EventDoor.Client(
            keys: session.scope.keys, address: NetworkAddress(connection?.remoteAddress),
            connection: UInt64(UInt(bitPattern: ObjectIdentifier(self))))
    }

    private func judged(_ tickets: [EventTicket], _ answers: [EventDoor.Answer]) {
        for (ticket, answer) in zip(tickets, answers) {
            feed(.judged(ticket, accepted: answer.accepted, message: answer.message))
        }
        finishTurn()
        if room?.isStopping == true { room?.checkIdle() }
    }
}
