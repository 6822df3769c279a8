// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession
import TestSupport
import Testing

/// NIP-42: asked on demand, answered in order, and what it opens.
@Suite struct AuthenticationTests {
    private static let guarded: RelayFeatures = {
        var features = RelayFeatures()
        features.guardedKinds = RelayFeatures.privateKinds
        return features
    }()
    private let wraps = Filter(kinds: [1059])
    private let me = TestKey.publicKey(1)
    private let proof = Event.fixture(kind: .clientAuthentication, by: 1)

    /// The text that the client was asked to sign, if it was.
    private func challenge(in actions: [SessionAction]) -> String? {
        for case .send(.authChallenge(let text)) in actions { return text }
        return nil
    }

    private func reason(in actions: [SessionAction]) -> String? {
        for case .send(.closed(_, let text)) in actions { return text }
        return nil
    }

    @Test func `nobody is asked who they are before it matters, unless the operator wants it`() {
        var client = Conversation(features: Self.guarded)
        #expect(client.session.reduce(.opened).isEmpty)
        #expect(challenge(in: client.request("a", [Filter(kinds: [1])])) == nil)
        var features = Self.guarded
        features.challengesAtOnce = true
        client = Conversation(features: features)
        #expect(challenge(in: client.session.reduce(.opened))?.count == 32)
    }

    @Test func `who asks for guarded kinds alone is asked who they are, once, before the CLOSED`() {
        var client = Conversation(features: Self.guarded)
        let actions = client.request("a", [wraps])
        #expect(actions.count == 2)
        #expect(challenge(in: Array(actions.prefix(1))) != nil)
        #expect(reason(in: actions)?.hasPrefix("auth-required: ") == true)
        let again = client.say(.count("b", [Filter(kinds: [4])]))
        #expect(again.count == 1)
        #expect(reason(in: again)?.hasPrefix("auth-required: ") == true)
    }

    @Test func `guarded kinds among others are asked for as everything is`() {
        var client = Conversation(features: Self.guarded)
        let filters = [Filter(), Filter(kinds: [1, 4]), Filter(ids: [Sample.a.id])]
        #expect(client.request("a", filters).contains(.open(0, "a", filters)))
        #expect(client.session.scope.keys.isEmpty)
    }

    @Test func `after a true answer the same request works, for what is one's own`() {
        var client = Conversation(features: Self.guarded)
        _ = client.request("a", [wraps])
        let looked = client.say(.authenticate(ParsedEvent(event: proof)))
        guard case .authenticate(let event, let text, let arrived) = looked.first else {
            Issue.record("\(looked)")
            return
        }
        #expect(event.event == proof)
        #expect(text.count == 32)
        // What comes meanwhile waits.
        #expect(client.request("a", [wraps]).isEmpty)
        let actions = client.session.reduce(.authenticated(proof, refusal: nil, at: arrived))
        #expect(actions.first == .ok(proof))
        #expect(actions.contains(.open(0, "a", [wraps])))
        #expect(client.session.scope.keys == [me])
        _ = client.page(0, .finished(snapshot: FeedPosition(commit: 0)))
        let others = Filter(kinds: [1059], tags: ["p": [TagValue(TestKey.publicKey(2).hex)]])
        #expect(reason(in: client.request("b", [others]))?.hasPrefix("restricted: ") == true)
        let mine = Filter(kinds: [1059], tags: ["p": [TagValue(me.hex)]])
        #expect(reason(in: client.say(.count("c", [mine]))) == nil)
    }

    @Test func `a false answer opens nothing, and too many of them end the conversation`() {
        var bounds = SessionLimits()
        bounds.mistakes = 3
        var client = Conversation(bounds: bounds, features: Self.guarded)
        _ = client.request("a", [wraps])
        for _ in 0..<20 {
            let looked = client.say(.authenticate(ParsedEvent(event: proof)))
            guard case .authenticate = looked.first else { break }
            let actions = client.session.reduce(
                .authenticated(proof, refusal: "invalid: bad signature", at: .zero))
            #expect(actions.first == .ok(proof, false, "invalid: bad signature"))
            #expect(client.session.scope.keys.isEmpty)
            if actions.contains(where: { if case .expel = $0 { true } else { false } }) { return }
        }
        Issue.record("it goes on without end")
    }

    @Test func `several keys count, so many and no more`() {
        var bounds = SessionLimits()
        bounds.authenticatedKeys = 2
        var client = Conversation(bounds: bounds, features: Self.guarded)
        _ = client.request("a", [wraps])
        for number in 1...3 {
            let proof = Event.fixture(kind: .clientAuthentication, by: number)
            let looked = client.say(.authenticate(ParsedEvent(event: proof)))
            if number == 3 {
                #expect(looked == [.ok(proof, false, "restricted: too many keys have authenticated here")])
            } else {
                _ = client.session.reduce(.authenticated(proof, refusal: nil, at: .zero))
            }
        }
        #expect(client.session.scope.keys == [TestKey.publicKey(1), TestKey.publicKey(2)])
    }

    @Test func `an event that needs its author is refused after the question who they are`() {
        var client = Conversation(features: Self.guarded)
        _ = client.publish(Sample.a)
        let actions = client.judged(0, false, "auth-required: only its author may publish this event")
        #expect(challenge(in: Array(actions.prefix(1))) != nil)
        #expect(
            actions.last == .ok(Sample.a, false, "auth-required: only its author may publish this event"))
    }

    @Test func `the answer to an AUTH waits for the answers before it`() {
        var client = Conversation(features: Self.guarded)
        _ = client.request("a", [wraps])
        _ = client.publish(Sample.a)
        _ = client.say(.authenticate(ParsedEvent(event: proof)))
        #expect(client.session.reduce(.authenticated(proof, refusal: nil, at: .zero)).isEmpty)
        #expect(client.judged(0) == [.ok(Sample.a), .ok(proof)])
    }

    @Test func `a CLOSED of a count means that nothing of this id is open`() {
        var client = Conversation(features: Self.guarded)
        client.live("a")
        #expect(client.session.openSubscriptions == 1)
        let actions = client.say(.count("a", [wraps]))
        #expect(actions.contains(.unwatch(0)))
        #expect(client.session.openSubscriptions == 0)
    }
}
