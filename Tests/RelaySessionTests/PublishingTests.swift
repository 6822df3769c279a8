// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession
import Testing

@Suite struct PublishingTests {
    @Test func `an event is submitted and its verdict is told`() {
        var client = Conversation()
        #expect(client.publish(Sample.a) == [.submit(0, Sample.a)])
        #expect(client.session.eventsInFlight == 1)
        #expect(client.judged(0, false, "blocked: no") == [.ok(Sample.a, false, "blocked: no")])
        #expect(client.session.eventsInFlight == 0)
    }

    @Test func `events are in flight together and answered in the order they came`() {
        var client = Conversation()
        for (ticket, event) in [Sample.a, Sample.b, Sample.c].enumerated() {
            #expect(client.publish(event) == [.submit(UInt64(ticket), event)])
        }
        #expect(client.judged(2).isEmpty)
        #expect(client.judged(0) == [.ok(Sample.a)])
        #expect(client.judged(1, false, "error: x") == [.ok(Sample.b, false, "error: x"), .ok(Sample.c)])
    }

    @Test func `a second verdict on one event says nothing`() {
        var client = Conversation()
        _ = client.publish(Sample.a)
        _ = client.publish(Sample.b)
        _ = client.judged(1)
        #expect(client.judged(1, false, "x").isEmpty)
        #expect(client.judged(0) == [.ok(Sample.a), .ok(Sample.b)])
        #expect(client.judged(0).isEmpty)
        #expect(client.judged(77).isEmpty)
    }

    @Test func `the same event twice in a row has two answers`() {
        var client = Conversation()
        _ = client.publish(Sample.a)
        #expect(client.publish(Sample.a) == [.submit(1, Sample.a)])
        #expect(client.judged(0) == [.ok(Sample.a)])
        #expect(
            client.judged(1, true, "duplicate: have this event") == [
                .ok(Sample.a, true, "duplicate: have this event")
            ])
    }

    @Test func `events beyond those that may be in flight wait`() {
        var bounds = SessionLimits()
        bounds.eventsInFlight = 2
        var client = Conversation(bounds: bounds)
        _ = client.publish(Sample.a)
        _ = client.publish(Sample.b)
        #expect(client.publish(Sample.c).isEmpty)
        #expect(client.judged(0) == [.ok(Sample.a), .submit(2, Sample.c)])
    }

    @Test func `a malformed event is answered by OK with the id it claims, after those before it`() {
        var client = Conversation()
        _ = client.publish(Sample.a)
        #expect(
            client.session.reduce(.unusable(.badEvent(id: "zz", reason: "short id"), size: 9, at: .zero))
                .isEmpty)
        #expect(
            client.judged(0) == [
                .ok(Sample.a), .send(.ok(TagValue("zz"), accepted: false, message: "invalid: short id")),
            ])
    }

    @Test func `a client that does not read gets no event judged`() {
        var client = Conversation()
        _ = client.session.reduce(.writability(false))
        #expect(client.publish(Sample.a).isEmpty)
        #expect(client.session.reduce(.writability(true)) == [.submit(0, Sample.a)])
    }
}
