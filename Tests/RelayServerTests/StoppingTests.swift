// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing

@testable import RelayServer

@Suite struct StoppingTests {
    /// A door that keeps every answer back until it is opened.
    private final class HeldDoor: Sendable {
        private let held = NIOLockedValueBox<[@Sendable () -> Void]?>([])

        func around(_ door: EventDoor) -> EventDoor {
            EventDoor { [self] events, client, reply in
                door.submit(events, client) { answers in
                    let isHeld = self.held.withLockedValue { held -> Bool in
                        held?.append { reply(answers) }
                        return held != nil
                    }
                    if !isHeld { reply(answers) }
                }
            }
        }

        var count: Int { held.withLockedValue { $0?.count ?? 0 } }

        func open() {
            let answers = held.withLockedValue { held in
                defer { held = nil }
                return held ?? []
            }
            for answer in answers { answer() }
        }
    }

    @Test func `a graceful stop answers what is in flight, then closes with 1012`() async throws {
        let held = HeldDoor()
        let relay = try await TestRelay.start(door: held.around)
        let client = try await NostrClient.connect(to: relay)
        let event = Event.fixture()
        try await client.say(event.publication)
        try await eventually("the event is inside") { held.count == 1 }
        async let stopped: Void = relay.stop()
        try await eventually("nobody new is let in", within: .seconds(60)) {
            do { _ = try await NostrClient.connect(to: relay) } catch { return true }
            return false
        }
        held.open()
        #expect(try await client.hear() == .ok(event.id, accepted: true, message: ""))
        #expect(try await client.socket.closeCode() == 1012)
        await stopped
    }

    @Test func `what has stopped is released`() async throws {
        weak var released: RelayServer?
        do {
            let relay = try await TestRelay.start()
            released = relay.server
            #expect(released != nil)
            await relay.stop()
        }
        try await eventually("the release") { released == nil }
    }

    @Test(.timeLimit(.minutes(1))) func `a stop does not wait for ever`() async throws {
        let held = HeldDoor()
        let relay = try await TestRelay.start(
            door: held.around,
            configure: {
                $0.serverLimits.shutdownMilliseconds = 400
            })
        let client = try await NostrClient.connect(to: relay)
        try await client.say(Event.fixture().publication)
        try await eventually("the event is inside") { held.count == 1 }
        // The door never opens.
        await relay.stop()
        #expect(held.count == 1)
    }

    @Test func `answers that come out of order are told in order`() async throws {
        let first = NIOLockedValueBox<(@Sendable () -> Void)?>(nil)
        let relay = try await TestRelay.start(door: { door in
            EventDoor { events, client, reply in
                door.submit(events, client) { answers in
                    let isFirst = first.withLockedValue { kept -> Bool in
                        defer { if kept == nil { kept = { reply(answers) } } }
                        return kept == nil
                    }
                    if !isFirst {
                        reply(answers)
                        first.withLockedValue { $0 }?()
                    }
                }
            }
        })
        let client = try await NostrClient.connect(to: relay)
        let events = (0..<2).map { Event.fixture(at: Int64($0)) }
        try await client.say(events[0].publication)
        // The second comes in a burst of its own once the first has its verdict, which is kept back.
        try await eventually("the first verdict") { first.withLockedValue { $0 != nil } }
        try await client.say(events[1].publication)
        #expect(try await client.hear(2) == events.map { .ok($0.id, accepted: true, message: "") })
        await relay.stop()
    }
}
