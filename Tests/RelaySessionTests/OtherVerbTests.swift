// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession
import Testing

@Suite struct OtherVerbTests {
    @Test func `AUTH is answered by OK, since no challenge was given`() {
        var client = Conversation()
        #expect(
            client.say(.authenticate(ParsedEvent(event: Sample.a))) == [
                .ok(Sample.a, false, "error: no authentication was asked for")
            ])
    }

    @Test func `negentropy that is not offered is refused with the id of its session`() {
        var client = Conversation()
        let refusal = RelayMessage.negentropyError(
            "n", message: "blocked: negentropy is not offered here")
        #expect(client.say(.negentropyOpen("n", Filter(), "61")) == [.send(refusal)])
        #expect(client.say(.negentropyMessage("n", "61")) == [.send(refusal)])
        #expect(client.say(.negentropyClose("n")).isEmpty)
        let bad = client.session.reduce(
            .unusable(.badNegentropy("n", .invalid("odd hex")), size: 9, at: .zero))
        #expect(bad == [.send(.negentropyError("n", message: "invalid: odd hex"))])
    }

    @Test func `what belongs to no id is answered by NOTICE`() {
        var client = Conversation()
        #expect(
            client.session.reduce(.unusable(.unreadable("not an array"), size: 9, at: .zero)) == [
                .send(.notice("invalid: not an array"))
            ])
        #expect(
            client.session.reduce(.unusable(.badEvent(id: nil, reason: "no id"), size: 9, at: .zero)) == [
                .send(.notice("invalid: no id"))
            ])
    }
}
