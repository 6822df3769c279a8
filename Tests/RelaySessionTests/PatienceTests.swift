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
            for _ in 0..<2 { _ = client.say(.negentropyMessage("n", "")) }
        }
        for _ in 0..<2 { #expect(babble() == [Self.notice]) }
    }

    @Test mutating func `ending things makes up for nothing`() {
        for _ in 0..<3 {
            #expect(babble() == [Self.notice])
            for _ in 0..<20 { _ = client.say(.close("nobody")) }
        }
        #expect(babble() == Self.expulsion)
    }

    @Test func `false events end a conversation, true ones and refused ones do not`() {
        var bounds = SessionLimits()
        bounds.mistakes = 3
        let reasons = ["invalid: bad signature": true, "blocked: no": false, "duplicate: have it": false]
        for (reason, ends) in reasons {
            var client = Conversation(bounds: bounds)
            var isOver = false
            for number in 0..<20 as Range<UInt64> where !isOver {
                _ = client.publish(Sample.a)
                let actions = client.judged(number, false, reason)
                #expect(actions.first == .ok(Sample.a, false, reason))
                isOver = actions.count > 1
            }
            #expect(isOver == ends, "\(reason)")
        }
    }

    @Test func `what comes too soon costs patience by its length, served or not`() {
        for (size, most) in [(100, 60), (1_048_576, 4)] {
            var bounds = SessionLimits()
            bounds.mistakes = 3
            var client = Conversation(bounds: bounds)
            let search = ClientMessageError.badRequest("a", .unsupported("search"))
            var count = 0
            while count < 1_000 {
                count += 1
                let actions = client.session.reduce(
                    .unusable(search, isHasty: true, size: size, at: .zero))
                if actions.count > 1 { break }
            }
            #expect(count <= most + 1 && count > most / 2, "\(size) bytes: \(count)")
        }
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
