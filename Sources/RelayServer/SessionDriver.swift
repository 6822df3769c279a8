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
    /// Of reconciliations that are open.
    var sets: [ScanNumber: ServedSet] = [:]
    /// When to look whether their client still says something.
    var wordTimer: Scheduled<Void>?
    /// How live events begin, by subscription slot.
    var headings: [Heading?] = []
    /// Events that are handed over at the end of this burst.
    var submissions: (tickets: [EventTicket], events: [ParsedEvent]) = ([], [])
    /// Who its messages are charged to; `nil` for somebody who is exempt.
    private(set) var account: AddressKey?
    /// Cancelled when the conversation ends.
    let leaving = Cancellation()
    /// Whether a long message of the client is being read elsewhere.
    var isParsing = false
    /// Whether the conversation wants no more messages for now.
    var isHeld = false
    /// Whether live events were sent since the last flush.
    var isTouched = false
    /// Live events sent since the last flush, and their bytes.
    var delivered = (count: 0, bytes: 0)
    private var isFeeding = false
    /// What actions were answered with at once: one or two, for the session does nothing before it has them.
    private var answers: [SessionInput] = []

    init(fanOut: FanOut, services: ServerServices) {
        self.fanOut = fanOut
        self.services = services
        var random = SystemRandomNumberGenerator()
        session = RelaySession(services.terms, challenge: Challenge(using: &random))
    }

    /// Whether a client's event has not been answered yet.
    var isBusy: Bool { session.eventsInFlight > 0 || !submissions.events.isEmpty || isParsing }

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

    func readBurstEnded() {
        room?.shortReads.burstEnded()
        submit()
    }

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
        dropSets()
        for slot in session.openSlots { unwatch(slot) }
        room?.leave(place)
    }

    /// No further message is taken from the client; what it sent before is still answered.
    func stopReading() {
        connection?.pauseReading()
    }

    /// Takes one input and does what it leads to; what comes of that at once is fed after all of it.
    func feed(_ input: SessionInput) {
        guard !isFeeding else { return answers.append(input) }
        isFeeding = true
        defer { isFeeding = false }
        take(input)
        while !answers.isEmpty {
            let inputs = answers
            answers = []
            for input in inputs { take(input) }
        }
    }

    private func take(_ input: SessionInput) {
        guard let connection, let room else { return }
        session.isWritable = connection.isWritable
        session.asksAboutReading = services.readGate.isGuarded
        var actions = room.takeActions()
        session.reduce(input, into: &actions)
        for action in actions { perform(action, connection) }
        room.giveBack(actions)
    }

    /// Outside of a read burst: hands over and sends what has gathered.
    func finishTurn() {
        room?.shortReads.burstEnded()
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
        let now = services.clock.uptime()
        for (ticket, answer) in zip(tickets, answers) {
            feed(.judged(ticket, accepted: answer.accepted, message: answer.message, at: now))
        }
        finishTurn()
        if room?.isStopping == true { room?.checkIdle() }
    }
}
