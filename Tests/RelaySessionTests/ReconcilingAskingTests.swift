// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession
import Testing

/// Somebody is asked about every reconciliation before its set is read.
@Suite struct ReconcilingAskingTests {
    private var client = Conversation.reconciling()
    private let notes = Filter(kinds: [1])

    init() { client.session.asksAboutReading = true }

    @Test mutating func `it is asked about, then its set is read`() {
        #expect(client.open("n") == [.ask(0, .negentropyOpen("n", Filter(), "61"))])
        #expect(client.permit(0) == [.gather(0)])
    }

    @Test mutating func `what is narrowed is what is read, and to nothing is the empty set`() {
        _ = client.open("n")
        #expect(client.permit(0, [notes]) == [.gather(0, notes)])
        _ = client.gathered(0)
        _ = client.reconciled(0)
        _ = client.open("n")
        #expect(client.permit(1, []) == [.gather(1, Filter(ids: []))])
    }

    @Test mutating func `a set has one filter, and no more than was asked for`() {
        _ = client.open("n", notes)
        #expect(
            client.permit(0, [notes, notes]) == [
                .negErr("n", "error: the relay's policy answered with several filters instead of one")
            ])
        _ = client.open("n", notes)
        #expect(
            client.permit(1, [Filter()]) == [
                .negErr("n", "error: the relay's policy answered with more than was asked for")
            ])
        _ = client.open("n")
        #expect(client.permit(2, [Filter(kinds: [1059])]).last != .gather(2, Filter(kinds: [1059])))
        #expect(client.session.openReconciliations == 0)
    }

    @Test mutating func `a refusal is told under its id`() {
        _ = client.open("n")
        #expect(client.forbid(0, "blocked: no") == [.negErr("n", "blocked: no")])
        _ = client.open("n")
        let actions = client.forbid(1, "auth-required: who?")
        #expect(actions.count == 2 && actions.last == .negErr("n", "auth-required: who?"))
    }

    @Test mutating func `who closes what is asked about has it closed`() {
        _ = client.open("n")
        #expect(client.say(.negentropyClose("n")).isEmpty)
        #expect(client.permit(0).isEmpty)
        _ = client.open("n")
        #expect(client.say(.close("n")).isEmpty, "another namespace")
        #expect(client.permit(1) == [.gather(1)])
    }
}
