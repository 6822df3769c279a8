// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession
import Testing

@Suite struct BacklogTests {
    @Test func `reading pauses when as many messages wait as may, and goes on when half are served`() {
        var bounds = SessionLimits()
        bounds.waitingMessages = 4
        var client = Conversation(bounds: bounds)
        _ = client.request("r")
        for event in Sample.events[0..<3] { #expect(client.publish(event).isEmpty) }
        #expect(client.publish(Sample.events[3]) == [.pauseReading])
        #expect(client.publish(Sample.events[4]).isEmpty)
        let actions = client.page(0, .finished(at: 1))
        #expect(actions.last == .resumeReading)
        #expect(actions.count { if case .submit = $0 { true } else { false } } == 5)
    }

    @Test func `reading pauses when what waits is too long`() {
        var bounds = SessionLimits()
        bounds.waitingBytes = 1_000
        var client = Conversation(bounds: bounds)
        _ = client.request("r")
        #expect(client.say(.event(ParsedEvent(event: Sample.a)), size: 999).isEmpty)
        #expect(client.say(.event(ParsedEvent(event: Sample.b)), size: 1) == [.pauseReading])
    }

    @Test func `garbage from a client that does not read makes no answers pile up`() {
        var bounds = SessionLimits()
        bounds.waitingMessages = 3
        var client = Conversation(bounds: bounds)
        _ = client.session.reduce(.writability(false))
        for _ in 0..<2 {
            #expect(client.session.reduce(.unusable(.unreadable("x"), size: 1, at: .zero)).isEmpty)
        }
        #expect(client.session.reduce(.unusable(.unreadable("x"), size: 1, at: .zero)) == [.pauseReading])
        #expect(client.session.reduce(.writability(true)).count == 4)
    }

    @Test func `garbage behind a slow verdict waits, too`() {
        var bounds = SessionLimits()
        bounds.eventsInFlight = 3
        bounds.waitingMessages = 2
        var client = Conversation(bounds: bounds)
        _ = client.publish(Sample.a)
        for _ in 0..<3 {
            #expect(client.session.reduce(.unusable(.unreadable("x"), size: 1, at: .zero)).isEmpty)
        }
        #expect(client.session.reduce(.unusable(.unreadable("x"), size: 1, at: .zero)) == [.pauseReading])
        #expect(client.judged(0).count == 6)
    }

    @Test func `CLOSE is served at once even when the client does not read`() {
        var client = Conversation()
        _ = client.request("a")
        _ = client.session.reduce(.writability(false))
        _ = client.page(0, .more(at: 1))
        #expect(client.say(.close("a")) == [.unwatch(0), .drop(0)])
    }
}
