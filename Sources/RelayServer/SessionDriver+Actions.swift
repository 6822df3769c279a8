// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NostrCore
import RelaySession
import RelayTransport

/// One function an action.
extension SessionDriver {
    func perform(_ action: SessionAction, _ connection: WebSocketConnection) {
        switch action {
        case .send(let message): send(message, connection)
        case .submit(let ticket, let event):
            submissions.tickets.append(ticket)
            submissions.events.append(event)
            if submissions.events.count >= services.limits.eventsPerBatch { submit() }
        case .authenticate(let event, let challenge, let arrived):
            let refusal = services.authenticator.refusal(
                of: event.event, challenge: challenge, at: services.clock.now())
            feed(.authenticated(event.event, refusal: refusal, at: arrived))
        case .ask(let number, let message): ask(number, message)
        case .watch(let slot, let id, let filters): watch(slot, id, filters)
        case .unwatch(let slot): unwatch(slot)
        case .openScan(let number, let id, let filters, let arrived):
            openScan(number, id, filters, arrived: arrived)
        case .readPage(let number): readPage(number)
        case .sendPage(let number): sendPage(number, connection)
        case .dropScan(let number): dropScan(number)
        case .count(let number, let filters, let arrived): count(number, filters, arrived: arrived)
        case .catchUp(let number, let filters, let position): catchUp(number, filters, after: position)
        case .deliver(let slot, let events): deliver(slot, events, connection)
        case .gather(let number, let filter, let arrived): gather(number, filter, arrived: arrived)
        case .reconcile(let number, let id, let message): reconcile(number, id, message)
        case .sendAnswer(let number): sendAnswer(number, connection)
        case .dropSet(let number): dropSet(number)
        case .pauseReading:
            isHeld = true
            connection.pauseReading()
        case .resumeReading:
            isHeld = false
            if room?.isStopping == false, !isParsing { connection.resumeReading() }
        case .expel(let reason): connection.expel(reason: reason)
        }
    }

    private func send(_ message: RelayMessage, _ connection: WebSocketConnection) {
        guard let room else { return }
        room.scratch.removeAll(keepingCapacity: true)
        message.appendJSON(to: &room.scratch)
        connection.send(room.scratch.span)
        services.observer.sent(RelayVerb(message), count: 1, bytes: room.scratch.count)
        if case .negentropyError(_, let reason, _) = message {
            services.observer.reconciliationRefused(NegentropyRefusal(reason))
        }
    }

    private func watch(_ slot: SubscriptionSlot, _ id: SubscriptionID, _ filters: [Filter]) {
        while headings.count <= slot.index { headings.append(nil) }
        headings[slot.index] = room?.watch(place, slot, id, filters)
        inbox?.setIdle(false)
        services.subscriptionsChanged(by: 1)
    }

    func unwatch(_ slot: SubscriptionSlot) {
        if let heading = headings[slot.index] { room?.unwatch(place, slot, heading) }
        headings[slot.index] = nil
        if room?.hasSubscribers == false { inbox?.setIdle(true) }
        services.subscriptionsChanged(by: -1)
    }

    private func deliver(_ slot: SubscriptionSlot, _ events: [Event], _ connection: WebSocketConnection) {
        guard let prefix = headings[slot.index]?.prefix else { return }
        var (count, bytes) = (0, 0)
        for event in events where room?.hasExpired(event) == false {
            connection.withFrame { frame in
                frame.writeBytes(prefix)
                frame.writeBytes(event.json)
                frame.writeInteger(EventMessage.trailer)
            }
            count += 1
            bytes += prefix.count + event.json.count + 1
        }
        services.observer.sent(.event, count: count, bytes: bytes)
    }
}

// MARK: - Live events

extension SessionDriver {
    /// A live event that matches a subscription of this conversation.
    ///
    /// - Returns: whether it was sent.
    func receive(_ live: LiveEvent, _ frames: LiveFrames, for slot: SubscriptionSlot) -> Bool {
        guard let connection else { return false }
        // A long batch is sent in pieces: only what the socket does not take counts as slow.
        if !connection.isWritable { connection.flush() }
        session.isWritable = connection.isWritable
        switch session.receive(live, for: slot) {
        case .send:
            guard let heading = headings[slot.index] else { return false }
            frames.send(under: heading, to: connection)
            delivered.count += 1
            delivered.bytes += heading.prefix.count + live.event.json.count + 1
            return true
        case .keep: return false
        case .fallBehind:
            services.observer.fellBehind(1)
            return false
        case .lost:
            services.observer.ephemeralLost(1)
            return false
        }
    }

    /// The batch of live events is over.
    func endOfDeliveries() {
        isTouched = false
        connection?.flush()
        services.observer.sent(.event, count: delivered.count, bytes: delivered.bytes)
        delivered = (0, 0)
    }

    /// The room missed what happened after `position`.
    func missedEvents(after position: FeedPosition) {
        let fallen = session.missedEvents(after: position)
        if fallen > 0 { services.observer.fellBehind(fallen) }
        feed(.writability(connection?.isWritable ?? false))
        finishTurn()
    }

    /// What happened before must not be given to anybody from memory.
    func takeBack() {
        let fallen = session.takeBack()
        if fallen > 0 { services.observer.fellBehind(fallen) }
    }
}

extension ClientVerb {
    init(_ message: ClientMessage) {
        switch message {
        case .event: self = .event
        case .request: self = .request
        case .count: self = .count
        case .close: self = .close
        case .authenticate: self = .authenticate
        case .negentropyOpen, .negentropyMessage, .negentropyClose: self = .negentropy
        }
    }
}

extension RelayVerb {
    init(_ message: RelayMessage) {
        switch message {
        case .event: self = .event
        case .ok: self = .ok
        case .endOfStoredEvents: self = .endOfStoredEvents
        case .closed: self = .closed
        case .notice, .unknown: self = .notice
        case .authChallenge: self = .auth
        case .count: self = .count
        case .negentropyMessage, .negentropyError: self = .negentropy
        }
    }
}
