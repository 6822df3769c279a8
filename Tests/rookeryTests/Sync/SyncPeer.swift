// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

@testable import rookery

/// Drives a one-shot sync by hand, so that a test reads as a dialogue.
struct SyncPeer {
    var course: SyncCourse
    private var submitted = 0

    init(
        filter: Filter = Filter(), direction: SyncDirection = .both, isDry: Bool = false, local: Int = 1,
        limits: (inout SyncCourseLimits) -> Void = { _ in }
    ) {
        var terms = SyncCourse.Terms(filter: filter, direction: direction, isDry: isDry)
        limits(&terms.limits)
        course = SyncCourse(terms, first: "61", local: local)
    }

    mutating func say(_ input: SyncCourse.Input, at second: Double = 0) -> [SyncCourse.Effect] {
        let effects = course.reduce(input, at: Uptime(nanoseconds: Int64(second * 1e9)))
        for case .submit(_, let bytes) in effects { submitted += bytes }
        return effects
    }

    mutating func hear(_ message: RelayMessage, at second: Double = 0) -> [SyncCourse.Effect] {
        say(.received([message]), at: second)
    }

    /// Events in one burst.
    mutating func give(_ events: some Sequence<Event>, _ name: SubscriptionID) -> [SyncCourse.Effect] {
        say(.received(events.map { .event(name, $0) }))
    }

    /// Our door has judged all there is.
    mutating func judge(at second: Double = 0) -> [SyncCourse.Effect] {
        defer { submitted = 0 }
        return say(.judged(bytes: submitted, ImportReport()), at: second)
    }
}

extension SyncCourse.Input {
    static func found(
        _ message: TagValue?, have: ArraySlice<Event> = [], need: ArraySlice<Event> = []
    ) -> Self {
        .stepped(SyncCourse.Found(message: message, have: have.map(\.id), need: need.map(\.id)))
    }
}

extension SyncCourse.Effect {
    static func ask(_ name: SubscriptionID, _ events: ArraySlice<Event>) -> Self {
        .send(.request(name, [Filter(ids: events.map(\.id))]))
    }
    static func submit(_ events: ArraySlice<Event>) -> Self {
        .submit(events.map { ParsedEvent(event: $0) }, bytes: events.reduce(0) { $0 + $1.json.count })
    }
    static func offer(_ event: Event) -> Self { .send(.event(ParsedEvent(event: event))) }
}
