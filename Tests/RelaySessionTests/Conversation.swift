// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession
import TestSupport

/// Drives a session and keeps what it wanted done, so that a test reads as a dialogue.
struct Conversation {
    var session: RelaySession

    init(
        limits: RelayLimits = RelayLimits(), bounds: SessionLimits = SessionLimits(),
        features: RelayFeatures = RelayFeatures()
    ) {
        var random = SplitMix64(seed: 42)
        session = RelaySession(
            SessionTerms(limits: limits, bounds: bounds, features: features),
            challenge: Challenge(using: &random))
    }

    /// A message of the client.
    mutating func say(_ message: ClientMessage, size: Int = 100) -> [SessionAction] {
        session.reduce(.message(message, size: size, at: .zero))
    }

    mutating func request(_ id: SubscriptionID, _ filters: [Filter] = [Filter()], size: Int = 100)
        -> [SessionAction]
    {
        say(.request(id, filters), size: size)
    }

    mutating func publish(_ event: Event) -> [SessionAction] { say(.event(ParsedEvent(event: event))) }

    mutating func judged(_ ticket: UInt64, _ accepted: Bool = true, _ message: String = "") -> [SessionAction]
    {
        session.reduce(.judged(EventTicket(number: ticket), accepted: accepted, message: message))
    }

    mutating func page(_ number: UInt64, _ report: PageReport) -> [SessionAction] {
        session.reduce(.pageRead(ScanNumber(number: number), report))
    }

    /// Opens a subscription and takes it to its live phase.
    mutating func live(_ id: SubscriptionID, scan: UInt64 = 0, at commit: UInt64 = 0) {
        _ = request(id)
        _ = page(scan, .finished(snapshot: FeedPosition(commit: commit)))
    }

    /// A commit stored an event under a number.
    mutating func happen(_ event: Event, at commit: UInt64, number: UInt64 = 1, slot: Int = 0) -> LiveDecision
    {
        let live = LiveEvent(event, at: .after(event: number, of: commit))
        return session.receive(live, for: SubscriptionSlot(index: slot))
    }

    /// An ephemeral event came after a commit.
    mutating func passBy(_ event: Event, after commit: UInt64) -> LiveDecision {
        let live = LiveEvent(event, at: FeedPosition(commit: commit), isEphemeral: true)
        return session.receive(live, for: SubscriptionSlot(index: 0))
    }
}

extension SessionAction {
    static func ok(_ event: Event, _ accepted: Bool = true, _ message: String = "") -> SessionAction {
        .send(.ok(event.id, accepted: accepted, message: message))
    }
    static func eose(_ id: SubscriptionID) -> SessionAction { .send(.endOfStoredEvents(id)) }
    static func closed(_ id: SubscriptionID, _ message: String) -> SessionAction {
        .send(.closed(id, message: message))
    }
    static func submit(_ ticket: UInt64, _ event: Event) -> SessionAction {
        .submit(EventTicket(number: ticket), ParsedEvent(event: event))
    }
    static func watch(_ slot: Int, _ id: SubscriptionID, _ filters: [Filter] = [Filter()]) -> SessionAction {
        .watch(SubscriptionSlot(index: slot), id, filters)
    }
    static func unwatch(_ slot: Int) -> SessionAction { .unwatch(SubscriptionSlot(index: slot)) }
    static func open(_ number: UInt64, _ id: SubscriptionID, _ filters: [Filter] = [Filter()])
        -> SessionAction
    {
        .openScan(ScanNumber(number: number), id, filters, arrived: .zero)
    }
    static func read(_ number: UInt64) -> SessionAction { .readPage(ScanNumber(number: number)) }
    static func count(_ number: UInt64) -> SessionAction {
        .count(ScanNumber(number: number), [Filter()], arrived: .zero)
    }
    static func sendPage(_ number: UInt64) -> SessionAction { .sendPage(ScanNumber(number: number)) }
    static func drop(_ number: UInt64) -> SessionAction { .dropScan(ScanNumber(number: number)) }
    static func deliver(_ slot: Int, _ events: [Event]) -> SessionAction {
        .deliver(SubscriptionSlot(index: slot), events)
    }
}

extension PageReport {
    static func more(at commit: UInt64) -> PageReport { .more(snapshot: FeedPosition(commit: commit)) }
    static func finished(at commit: UInt64) -> PageReport {
        .finished(snapshot: FeedPosition(commit: commit))
    }
}

/// Events that need no signature, cheap to make.
enum Sample {
    static let events = (0..<8).map { Event.fixture(at: 1_700_000_000 + Int64($0), content: "\($0)") }
    static let a = events[0]
    static let b = events[1]
    static let c = events[2]
}
