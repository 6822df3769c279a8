// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession
import TestSupport
import Testing

/// Somebody is asked about every request before it is served.
@Suite struct AskingTests {
    private static let notes = [Filter(kinds: [1])]

    private static func client(
        limits: RelayLimits = RelayLimits(), bounds: SessionLimits = SessionLimits()
    ) -> Conversation {
        var features = RelayFeatures()
        features.guardedKinds = RelayFeatures.privateKinds
        var client = Conversation(limits: limits, bounds: bounds, features: features)
        client.session.asksAboutReading = true
        return client
    }

    @Test func `a request is asked about, then served as if nobody had been`() {
        var client = Self.client()
        #expect(client.request("a") == [.ask(0, .request("a", [Filter()]))])
        #expect(client.permit(0) == [.watch(0, "a"), .open(0, "a"), .read(0)])
        #expect(client.page(0, .finished(at: 1)) == [.sendPage(0), .eose("a"), .drop(0)])
        #expect(client.happen(Sample.a, at: 2) == .send)
        #expect(client.say(.count("c", [Filter()])) == [.ask(1, .count("c", [Filter()]))])
        #expect(client.permit(1) == [.count(1)])
    }

    @Test func `nobody is asked about what is not served anyway`() {
        var limits = RelayLimits()
        limits.maxFilters = 1
        limits.maxSubscriptions = 1
        var client = Self.client(limits: limits)
        for message in [
            ClientMessage.request("a", []), .request("", [Filter()]), .count("a", [Filter(), Filter()]),
            .request("a", [Filter(kinds: [1059])]),
        ] {
            let actions = client.say(message)
            #expect(!actions.contains { if case .ask = $0 { true } else { false } }, "\(message)")
        }
        _ = client.request("b")
        _ = client.permit(0)
        _ = client.page(0, .finished(at: 1))
        #expect(client.request("c").map(\.isClosed) == [true])
    }

    @Test func `what is said meanwhile waits, in order, and reading stops when too much does`() {
        var bounds = SessionLimits()
        bounds.waitingMessages = 3
        var client = Self.client(bounds: bounds)
        _ = client.request("a")
        #expect(client.publish(Sample.a).isEmpty)
        #expect(client.request("b").isEmpty)
        #expect(client.say(.close("a")) == [.pauseReading])
        #expect(client.permit(0) == [.watch(0, "a"), .open(0, "a"), .read(0)])
        #expect(
            client.page(0, .finished(at: 1)) == [
                .sendPage(0), .eose("a"), .drop(0), .submit(0, Sample.a),
            ])
        #expect(client.judged(0) == [.ok(Sample.a), .ask(1, .request("b", [Filter()])), .resumeReading])
        #expect(client.session.openSubscriptions == 1)
        #expect(client.permit(1) == [.watch(1, "b"), .open(1, "b"), .read(1)])
        #expect(client.page(1, .finished(at: 1)) == [.sendPage(1), .eose("b"), .drop(1), .unwatch(0)])
    }

    @Test func `live events reach other subscriptions while one is asked about`() {
        var client = Self.client()
        client.session.asksAboutReading = false
        client.live("a")
        client.session.asksAboutReading = true
        _ = client.request("b")
        #expect(client.happen(Sample.a, at: 1) == .send)
    }

    @Test(arguments: [true, false])
    func `who closes what is asked about has it closed, and may ask on after the answer alone`(
        isPermitted: Bool
    ) {
        var client = Self.client()
        _ = client.request("a")
        #expect(client.say(.close("a")).isEmpty)
        #expect(client.request("b").isEmpty)
        let next = [SessionAction.ask(1, .request("b", [Filter()]))]
        #expect((isPermitted ? client.permit(0) : client.forbid(0, "blocked: no")) == next)
        #expect(client.session.openSubscriptions == 0)
    }

    @Test func `closing another subscription changes nothing about the question`() {
        var client = Self.client()
        _ = client.request("a")
        #expect(client.say(.close("b")).isEmpty)
        #expect(client.permit(0) == [.watch(0, "a"), .open(0, "a"), .read(0)])
    }

    @Test func `using an id again ends what it named before anybody is asked, and is asked about again`() {
        var client = Self.client()
        _ = client.request("a")
        _ = client.permit(0)
        _ = client.page(0, .finished(at: 1))
        #expect(client.request("a") == [.unwatch(0), .ask(1, .request("a", [Filter()]))])
        #expect(client.request("a", Self.notes).isEmpty)
        #expect(client.permit(1) == [.watch(0, "a"), .open(1, "a"), .read(1)])
        let replaced = client.page(1, .finished(at: 1))
        #expect(replaced.suffix(2) == [.unwatch(0), .ask(2, .request("a", Self.notes))])
        #expect(client.forbid(2, "restricted: not you") == [.closed("a", "restricted: not you")])
        #expect(client.session.openSubscriptions == 0)
    }

    @Test func `a refused request is told why, and asked for a key where that would help`() {
        var client = Self.client()
        _ = client.request("a")
        let actions = client.forbid(0, "auth-required: show a key")
        #expect(actions.count == 2 && actions.last == .closed("a", "auth-required: show a key"))
        guard case .send(.authChallenge) = actions.first else {
            Issue.record("\(actions)")
            return
        }
        _ = client.say(.count("b", [Filter()]))
        #expect(client.forbid(1, "auth-required: again") == [.closed("b", "auth-required: again")])
        _ = client.request("c")
        #expect(client.forbid(2, "blocked: no") == [.closed("c", "blocked: no")])
    }

    @Test func `a refused count ends the subscription of that id, as CLOSED says`() {
        var client = Self.client()
        _ = client.request("a")
        _ = client.permit(0)
        _ = client.page(0, .finished(at: 1))
        _ = client.say(.count("a", [Filter()]))
        #expect(client.forbid(1, "blocked: no") == [.unwatch(0), .closed("a", "blocked: no")])
    }

    @Test func `what is narrowed is what is read, watched and caught up with`() {
        var client = Self.client()
        _ = client.request("a")
        #expect(
            client.permit(0, Self.notes) == [.watch(0, "a", Self.notes), .open(0, "a", Self.notes), .read(0)])
        _ = client.page(0, .finished(at: 1))
        client.session.isWritable = false
        #expect(client.happen(Sample.a, at: 2) == .fallBehind)
        #expect(
            client.session.reduce(.writability(true)) == [
                .catchUp(ScanNumber(number: 1), Self.notes, after: FeedPosition(commit: 1))
            ])
        _ = client.session.reduce(
            .caughtUp(ScanNumber(number: 1), .read([], upTo: FeedPosition(commit: 2), isComplete: true)))
        _ = client.say(.count("b", [Filter()]))
        #expect(
            client.permit(2, Self.notes) == [
                .count(ScanNumber(number: 2), Self.notes, arrived: .zero)
            ])
    }

    @Test func `narrowed to nothing, a request has nothing stored and nothing live, a count is 0`() {
        var client = Self.client()
        _ = client.request("a")
        #expect(client.permit(0, []) == [.send(.endOfStoredEvents("a", .finish))])
        #expect(client.session.openSubscriptions == 0)
        _ = client.say(.count("b", [Filter()]))
        #expect(client.permit(1, []) == [.send(.count("b", 0))])
        #expect(client.request("c") == [.ask(2, .request("c", [Filter()]))])
    }

    @Test func `an answer that asks for more than was asked for lets nobody read`() {
        var limits = RelayLimits()
        limits.maxFilters = 2
        for more in [
            [Filter()], [Filter(kinds: [1]), Filter(kinds: [1, 2])],
            Array(repeating: Self.notes[0], count: 3),
        ] {
            for isCount in [false, true] {
                var client = Self.client(limits: limits)
                _ = client.say(isCount ? .count("a", Self.notes) : .request("a", Self.notes))
                #expect(
                    client.permit(0, more) == [
                        .closed("a", "error: the relay's policy answered with more than was asked for")
                    ])
            }
        }
    }

    @Test func `a policy asks for nothing that is not offered here`() {
        var client = Self.client()
        _ = client.request("a")
        let actions = client.permit(0, [Filter(allTags: ["t": ["a", "b"]])])
        #expect(actions == [.closed("a", "unsupported: asking for all of some tags is not offered here")])
    }

    @Test func `whoever is let in by a policy still reads no private message of others`() {
        var client = Self.client()
        _ = client.request("a")
        let actions = client.permit(0, [Filter(kinds: [1059])])
        #expect(actions.last?.isClosed == true && client.session.openSubscriptions == 0)
    }

    @Test func `an answer to no question, a second one, and one after the end change nothing`() {
        var bounds = SessionLimits()
        bounds.mistakes = 0
        var client = Self.client(bounds: bounds)
        #expect(client.permit(0).isEmpty && client.forbid(0, "blocked: no").isEmpty)
        _ = client.request("a")
        #expect(client.permit(7).isEmpty)
        #expect(client.permit(0).count == 3)
        #expect(client.permit(0).isEmpty && client.forbid(0, "blocked: no").isEmpty)
        _ = client.page(0, .finished(at: 1))
        _ = client.session.reduce(.unusable(.unreadable("x"), size: 1, at: .zero))
        #expect(client.permit(1).isEmpty)
    }
}

extension Conversation {
    mutating func permit(_ number: UInt64, _ filters: [Filter]? = nil) -> [SessionAction] {
        session.reduce(.permitted(ScanNumber(number: number), instead: filters))
    }

    mutating func forbid(_ number: UInt64, _ reason: String) -> [SessionAction] {
        session.reduce(.forbidden(ScanNumber(number: number), reason: reason))
    }
}

extension SessionAction {
    static func ask(_ number: UInt64, _ message: ClientMessage) -> SessionAction {
        .ask(ScanNumber(number: number), message)
    }

    fileprivate var isClosed: Bool { if case .send(.closed) = self { true } else { false } }
}
