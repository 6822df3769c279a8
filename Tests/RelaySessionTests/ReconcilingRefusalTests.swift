// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession
import TestSupport
import Testing

/// Every refusal of a reconciliation is a NEG-ERR with its id, and nothing of that id is left.
@Suite struct ReconcilingRefusalTests {
    private static let challenge = { () -> SessionAction in
        var random = SplitMix64(seed: 42)
        return .send(.authChallenge(Challenge(using: &random).text))
    }()

    @Test(arguments: [
        ("", "invalid: an empty negentropy message"), ("6", "invalid: an odd number of hexadecimal digits"),
    ])
    func `a message that cannot be one is refused at once`(message: String, reason: String) {
        var client = Conversation.reconciling()
        #expect(client.open("n", Filter(), TagValue(message)) == [.negErr("n", reason)])
        client.reconcile("n", as: 0)
        #expect(client.tell("n", TagValue(message)) == [.dropSet(0), .negErr("n", reason)])
        #expect(client.session.openReconciliations == 0)
    }

    @Test func `a message of no reconciliation is told that it is closed`() {
        var client = Conversation.reconciling()
        #expect(client.tell("n") == [.negErr("n", "closed: no reconciliation of this id is open")])
    }

    @Test func `one too many is refused, one that replaces another is not`() {
        var bounds = SessionLimits()
        bounds.reconciliations = 1
        var client = Conversation.reconciling(bounds: bounds)
        _ = client.open("a")
        #expect(client.open("b") == [.negErr("b", "error: too many reconciliations, at most 1 may be open")])
        _ = client.gathered(0)
        _ = client.reconciled(0)
        #expect(client.open("a") == [.dropSet(0), .gather(1)])
    }

    @Test func `a set that cannot be had is told why, and how large it might be`() {
        let refusals: [(GatherReport, String, Int?)] = [
            (.tooMany(most: 500), "blocked: more than 500 events match", 500),
            (.noRoom, "error: too much is being reconciled, try again later", nil),
            (.failed(.busy), "error: too many requests wait, try again later", nil),
            (.failed(.fault), "error: the store could not be read", nil),
        ]
        for (report, reason, most) in refusals {
            var client = Conversation.reconciling()
            _ = client.open("n")
            #expect(client.gathered(0, report) == [.dropSet(0), .negErr("n", reason, most: most)])
            #expect(client.session.openReconciliations == 0)
        }
    }

    @Test func `a message that cannot be understood ends it, and too many of them end the conversation`() {
        var bounds = SessionLimits()
        bounds.mistakes = 1
        bounds.messagesPerForgottenMistake = 1_000
        var client = Conversation.reconciling(bounds: bounds)
        client.reconcile("n", as: 0)
        _ = client.tell("n", "zz")
        let refusal = SessionAction.negErr("n", "invalid: bad")
        #expect(client.reconciled(0, .invalid("bad")) == [.dropSet(0), refusal])
        client.reconcile("n", as: 1)
        _ = client.tell("n", "zz")
        #expect(
            client.reconciled(1, .invalid("bad")) == [
                .dropSet(1), refusal, .expel(reason: "rate-limited: too many messages that make no sense"),
            ])
    }

    @Test func `what is for others alone asks who the client is, as a REQ does`() {
        var client = Conversation.reconciling()
        let wraps = Filter(kinds: [1059])
        let reason = "only those involved may read events of these kinds"
        #expect(client.open("n", wraps) == [Self.challenge, .negErr("n", "auth-required: \(reason)")])
        #expect(client.open("n", wraps) == [.negErr("n", "auth-required: \(reason)")])
        #expect(client.open("n") == [.gather(0)], "without what it may not see")
        _ = client.gathered(0)
        _ = client.reconciled(0)
        _ = client.say(.authenticate(ParsedEvent(event: Sample.a)))
        _ = client.session.reduce(.authenticated(Sample.a, refusal: nil, at: .zero))
        let others = Filter(kinds: [1059], tags: ["p": [TagValue(String(repeating: "0", count: 64))]])
        #expect(client.open("n", others) == [.dropSet(0), .negErr("n", "restricted: \(reason)")])
        #expect(client.open("n", wraps) == [.gather(1, wraps)])
    }

    @Test func `what is refused for its haste or its spelling ends what had the id`() {
        let filter = ClientMessageError.badNegentropy("n", .invalid("no filter"))
        let wait = Duration.seconds(2)
        let text = "rate-limited: too much in a short time, try again in 2 s"
        for (input, reason) in [
            (SessionInput.unusable(filter, size: 1, at: .zero), "invalid: no filter"),
            (.limited(.negentropyMessage("n", "61"), wait: wait, size: 1, at: .zero), text),
            (.limited(.negentropyOpen("n", Filter(), "61"), wait: wait, size: 1, at: .zero), text),
        ] {
            var client = Conversation.reconciling()
            client.reconcile("n", as: 0)
            #expect(client.session.reduce(input) == [.dropSet(0), .negErr("n", reason)])
        }
    }

    @Test func `a filter that is not served in a REQ is not served here`() {
        var limits = RelayLimits()
        limits.maxSubscriptionIDLength = 3
        var client = Conversation.reconciling(limits: limits)
        #expect(
            client.open("long") == [.negErr("long", "invalid: a subscription id has at most 3 characters")])
        let all = Filter(allTags: ["t": ["a", "b"]])
        #expect(
            client.open("n", all) == [
                .negErr("n", "unsupported: asking for all of some tags is not offered here")
            ])
    }

    @Test func `a client that says nothing for too long is told that it is closed`() {
        var bounds = SessionLimits()
        bounds.reconciliationPatience = .seconds(10)
        var client = Conversation.reconciling(bounds: bounds)
        #expect(client.session.nextDeadline == nil)
        _ = client.open("a", at: 1)
        #expect(client.session.nextDeadline == nil, "its set is being read")
        _ = client.gathered(0)
        _ = client.reconciled(0, at: 5)
        #expect(client.session.nextDeadline == Uptime(seconds: 15))
        client.reconcile("b", as: 1, at: 7)
        #expect(client.session.reduce(.timePassed(at: Uptime(seconds: 14))).isEmpty)
        _ = client.tell("b", at: 15)
        let closed = SessionAction.negErr("a", "closed: nothing was said for 10 s")
        #expect(client.session.reduce(.timePassed(at: Uptime(seconds: 30))) == [.dropSet(0), closed])
        _ = client.reconciled(1, at: 30)
        #expect(client.session.nextDeadline == Uptime(seconds: 40))
        #expect(client.session.openReconciliations == 1)
    }
}
