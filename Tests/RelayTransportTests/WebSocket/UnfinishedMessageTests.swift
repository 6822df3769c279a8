// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import TestSupport
import Testing

@testable import RelayTransport

/// Messages that are begun and not ended have a bound over all connections.
@Suite(.timeLimit(.minutes(1))) struct UnfinishedMessageTests {
    private final class Holder {}

    private let unfinished = UnfinishedMessages()
    private func second(_ count: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(count) }
    private let givenUp = NIOLockedValueBox<[String]>([])
    private let limits = {
        var limits = TransportLimits.patient
        limits.maxUnfinishedBytesInTotal = 100_000
        limits.unfinishedPatience = .seconds(5)
        return limits
    }()

    @discardableResult
    private func hold(_ holder: Holder, _ bytes: Int, isNew: Bool = false, _ name: String, at time: Int64 = 0)
        -> Bool
    {
        unfinished.changed(holder, bytes: bytes, isNew: isNew, limits: limits, at: second(time)) {
            [givenUp] in
            givenUp.withLockedValue { $0.append(name) }
        }
    }

    private var names: [String] { givenUp.withLockedValue { $0 } }

    @Test func `the longest that took its time is given up, and no more than must be`() {
        let (long, short, last) = (Holder(), Holder(), Holder())
        #expect(!hold(long, 60_000, "long"))
        #expect(!hold(short, 30_000, "short"))
        #expect(hold(last, 50_000, "last", at: 1), "somebody must look again")
        #expect(!hold(last, 51_000, "last", at: 2), "but one is enough")
        #expect(names == [], "they may all be about to end")
        #expect(!unfinished.lookAgain(limits, at: second(6)))
        #expect(names == ["long"])
        #expect(unfinished.bytes == 81_000)
        unfinished.forget(short)
        unfinished.forget(short)
        #expect(unfinished.bytes == 51_000)
        hold(last, 0, "last")
        #expect(unfinished.bytes == 0)
    }

    @Test func `who ends a message begins anew, and little is not counted`() {
        let (busy, other) = (Holder(), Holder())
        hold(busy, 90_000, "busy")
        hold(other, 1000, "other")
        #expect(unfinished.bytes == 90_000)
        hold(busy, 80_000, isNew: true, "busy", at: 5)
        #expect(hold(other, 40_000, "other", at: 5))
        #expect(unfinished.lookAgain(limits, at: second(9)))
        #expect(names == [])
        #expect(!unfinished.lookAgain(limits, at: second(10)))
        #expect(names == ["busy"])
    }

    @Test func `twice the bound is passed by nobody for any time`() {
        let (first, second) = (Holder(), Holder())
        hold(first, 120_000, "first")
        hold(second, 90_000, "second")
        #expect(names == ["first"])
        #expect(unfinished.bytes == 90_000)
    }

    @Test func `half a message that stays one is closed over a socket, and others go on`() async throws {
        var limits = TransportLimits.patient
        limits.maxUnfinishedBytesInTotal = 40_000
        limits.unfinishedPatience = .milliseconds(200)
        try await TestServer.run(limits) { server in
            let stuck = try await RawWebSocket.connect(to: server.port)
            let good = try await RawWebSocket.connect(to: server.port)
            try await stuck.send(.piece(1, String(repeating: "x", count: 50_000), isFinal: false))
            #expect(try await stuck.receive() == .close(1013, "error: message too slow"))
            try await good.send("hello")
            #expect(try await good.receiveText() == "hello")
            #expect(server.listener.statistics.closedViolation == 1)
        }
    }
}
