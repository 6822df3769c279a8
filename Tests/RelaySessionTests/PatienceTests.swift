// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession
import TestSupport
import Testing

@Suite struct PatienceTests {
    private var client: Conversation

    init() {
        var bounds = SessionLimits()
        bounds.mistakes = 3
        bounds.messagesPerForgottenMistake = 2
        bounds.mistakesForgottenPerSecond = 0.5
        client = Conversation(bounds: bounds)
    }

    private mutating func babble(at second: Double = 0) -> [SessionAction] {
        let moment = Uptime(nanoseconds: Int64(second * 1e9))
        return client.session.reduce(.unusable(.unreadable("x"), size: 1, at: moment))
    }

    private static let notice = SessionAction.send(.notice("invalid: x"))
    private static let expulsion = [
        notice, SessionAction.expel(reason: "rate-limited: too many messages that make no sense"),
    ]

    @Test mutating func `a stream of nonsense is answered, then ended, then not heard`() {
        for _ in 0..<3 { #expect(babble() == [Self.notice]) }
        #expect(babble() == Self.expulsion)
        #expect(babble().isEmpty)
        #expect(client.request("a").isEmpty)
        #expect(client.session.reduce(.writability(true)).isEmpty)
    }

    @Test mutating func `nonsense in a burst that had to wait is counted, too, and what follows is dropped`()
    {
        _ = client.request("a")
        for _ in 0..<10 { #expect(babble().isEmpty) }
        let actions = client.page(0, .finished(at: 1))
        #expect(actions.count { $0 == Self.notice } == 4)
        #expect(actions.last == Self.expulsion.last)
    }

    @Test mutating func `an occasional mistake is forgotten with time`() {
        for number in 0..<100 { #expect(babble(at: Double(number) * 2) == [Self.notice]) }
    }

    @Test mutating func `mistakes among usable messages are forgiven`() {
        for _ in 0..<100 {
            #expect(babble() == [Self.notice])
            for _ in 0..<2 { _ = client.say(.close("nobody")) }
        }
        for _ in 0..<2 { #expect(babble() == [Self.notice]) }
    }

    @Test mutating func `what is merely not offered costs nothing`() {
        let search = ClientMessageError.badRequest("a", .unsupported("search"))
        for _ in 0..<50 {
            #expect(
                client.session.reduce(.unusable(search, size: 1, at: .zero)) == [
                    .closed("a", "unsupported: search")
                ])
        }
    }
}
