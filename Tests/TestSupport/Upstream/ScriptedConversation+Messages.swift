// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NostrCore

// What a scripted relay makes of what it is told.
extension ScriptedConversation {
    /// The conversation is open.
    func opened() {
        let script = script
        switch script.authentication {
        case .none: break
        case .required(let challenge), .refused(let challenge, _): say(.authChallenge(challenge))
        }
        for text in script.greeting { say(text) }
    }

    func heard(_ message: [UInt8]) {
        guard message.count <= script.maxMessageLength else { return sayTooLong() }
        guard let message = try? (ClientMessage.parse(message), message.count) else {
            return say(.notice("not understood"))
        }
        switch message.0 {
        case .request(let id, let filters): requested(id, filters, length: message.1)
        case .close(let id):
            state.withLockedValue { $0.record.closes.append(id) }
            forget(id)
        case .event(let event): published(event.event)
        case .authenticate(let event): authenticated(event.event)
        default: say(.notice("not understood"))
        }
    }

    private func requested(_ id: SubscriptionID, _ filters: [Filter], length: Int) {
        let number = number
        let (script, request) = state.withLockedValue { state in
            state.requestsSeen += 1
            let request = UpstreamRequest(
                number: state.requestsSeen, connection: number, id: id, filters: filters, length: length)
            state.record.requests.append(request)
            return (state.script, request)
        }
        if script.authentication != .none, !isAuthenticated {
            return say(.closed(id, message: "auth-required: we serve friends only"))
        }
        if subscriptions[id] == nil, subscriptions.count >= script.maxSubscriptions {
            return say(.closed(id, message: "error: too many subscriptions"))
        }
        if filters.count > script.maxFilters {
            return say(.closed(id, message: "error: too many filters"))
        }
        perform(script.reaction(request), request, script)
    }

    private func perform(_ reaction: UpstreamReaction, _ request: UpstreamRequest, _ script: UpstreamScript) {
        switch reaction {
        case .answer:
            // Registered before it is read: an event that is published meanwhile comes twice, not never.
            register(request)
            let events = state.withLockedValue { $0.shelf.answer(request.filters, maxLimit: script.maxLimit) }
            answer(request, with: events, script)
        case .events(let events):
            register(request)
            answer(request, with: events, script)
        case .closed(let text): say(.closed(request.id, message: text))
        case .notice(let text, let next):
            say(.notice(text))
            perform(next, request, script)
        case .ignore: break
        case .drop: hangUp()
        case .raw(let bytes): write(bytes)
        }
    }

    private func register(_ request: UpstreamRequest) {
        let isNew = subscriptions.updateValue(request.filters, forKey: request.id) == nil
        let count = subscriptions.count
        state.withLockedValue { state in
            if isNew { state.record.openSubscriptions += 1 }
            state.record.maxSubscriptions = max(state.record.maxSubscriptions, count)
        }
    }

    private func forget(_ id: SubscriptionID) {
        guard subscriptions.removeValue(forKey: id) != nil else { return }
        state.withLockedValue { $0.record.openSubscriptions -= 1 }
    }

    private func answer(_ request: UpstreamRequest, with events: [Event], _ script: UpstreamScript) {
        for event in events { send(event, of: request, script) }
        after(script.endOfStoredDelay) { [self] in say(.endOfStoredEvents(request.id)) }
    }

    private func send(_ event: Event, of request: UpstreamRequest, _ script: UpstreamScript) {
        for copy in script.copies(event, request) {
            state.withLockedValue { $0.record.eventsSent += 1 }
            say("[\"EVENT\",\"\(request.id)\",\(copy)]")
        }
    }

    /// Sends what was published to those who follow live.
    func deliver(_ events: [Event]) {
        let script = script
        for (id, filters) in subscriptions {
            let request = UpstreamRequest(number: 0, connection: number, id: id, filters: filters, length: 0)
            for event in events where filters.contains(where: { $0.matches(event) }) {
                send(event, of: request, script)
            }
        }
    }

    private func published(_ event: Event) {
        guard event.hasTrueID(), event.hasTrueSignature(using: Verifier()) else {
            return say(.ok(event.id, accepted: false, message: "invalid: bad id or signature"))
        }
        state.withLockedValue { $0.record.published.append(event.id) }
        if let refusal = script.refusal(event) {
            if !refusal.isEmpty { say(.ok(event.id, accepted: false, message: refusal)) }
            return
        }
        let (isNew, others) = state.withLockedValue { state in
            (state.shelf.insert(event), Array(state.conversations.values))
        }
        say(.ok(event.id, accepted: true, message: isNew ? "" : "duplicate: have it"))
        guard isNew else { return }
        for other in others { other.eventLoop.execute { other.value.deliver([event]) } }
    }

    private func authenticated(_ event: Event) {
        let script = script
        state.withLockedValue { $0.record.authentications.append(event) }
        switch script.authentication {
        case .none: say(.ok(event.id, accepted: true, message: ""))
        case .refused(_, let why): say(.ok(event.id, accepted: false, message: why))
        case .required(let challenge):
            let isTrue =
                event.hasTrueID() && event.hasTrueSignature(using: Verifier())
                && event.kind == .clientAuthentication
                && event.firstValue(of: "challenge") == TagValue(challenge)
                && event.firstValue(of: "relay") != nil
            isAuthenticated = isTrue
            say(.ok(event.id, accepted: isTrue, message: isTrue ? "" : "invalid: not what was asked"))
        }
    }

    private func say(_ message: RelayMessage) {
        var text: [UInt8] = []
        message.appendJSON(to: &text)
        say(String(decoding: text, as: UTF8.self))
    }
}
