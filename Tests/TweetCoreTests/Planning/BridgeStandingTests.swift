// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import TweetCore

/// What operators are told about a bridge.
@Suite struct BridgeStandingTests {
    private let one = UserID(1)
    private let quarter: Int64 = 900_000

    private func health(_ standing: BridgeStanding, at now: Int64) -> BridgeHealth {
        standing.health(at: now, stuckAfter: quarter)
    }

    @Test func `a bridge that was never asked anything is well`() {
        #expect(health(BridgeStanding(), at: 1 << 40).status == .ok)
    }

    @Test func `no answer for long is stuck, and an answer ends that`() {
        var standing = BridgeStanding()
        standing.answered(one, at: 0)
        standing.failed(one, failures: 1, at: 600_000)
        #expect(health(standing, at: 600_000 + quarter - 1).status == .ok)
        let stuck = health(standing, at: 600_000 + quarter)
        #expect(stuck.status == .stuck && stuck.reasons == ["X has answered nothing for long"])
        standing.answered(one, at: 2 * quarter)
        #expect(health(standing, at: 10 * quarter).status == .ok, "nothing was due since")
    }

    @Test func `a bridge whose first questions all fail is stuck in the end`() {
        var standing = BridgeStanding()
        for number in 0...9 { standing.failed(nil, failures: 1, at: Int64(number) * 100_000) }
        #expect(health(standing, at: 899_999).status == .ok)
        #expect(health(standing, at: quarter).status == .stuck)
    }

    @Test func `an account in trouble is not the bridge in trouble`() {
        var standing = BridgeStanding()
        standing.answered(nil, at: 0)
        for failures in 1...3 { standing.failed(one, failures: Int64(failures), at: 1) }
        let health = health(standing, at: 2)
        #expect(health.status == .degraded && health.failing == 1)
        #expect(standing.failing(limit: 5).map(\.account) == [one])
        standing.answered(one, at: 3)
        #expect(self.health(standing, at: 4).status == .ok)
    }

    @Test func `one question without an answer after a long rest is no silence`() {
        var standing = BridgeStanding()
        standing.answered(one, at: 0)
        standing.failed(one, failures: 1, at: 5 * quarter)
        #expect(health(standing, at: 5 * quarter + 1).status == .ok)
    }

    @Test func `an account that is polled no more troubles nobody`() {
        var standing = BridgeStanding()
        standing.answered(nil, at: 0)
        standing.failed(one, failures: 5, at: 1)
        #expect(health(standing, at: 2).status == .degraded)
        standing.watching([UserID(2)])
        #expect(health(standing, at: 2).status == .ok)
    }

    @Test(arguments: [
        XFailure.unauthorized("no"), .forbidden("no"), .outOfCredits, .usageCapped(until: nil),
    ])
    func `what an operator must act on is stuck until it is over, and nothing passing hides it`(
        failure: XFailure
    ) {
        var standing = BridgeStanding()
        standing.answered(one, at: 0)
        standing.paused(until: 3_600_000, failure)
        standing.paused(until: 10, .limited(until: 10))
        #expect(health(standing, at: 1).reasons == [failure.plight])
        #expect(health(standing, at: 3_600_001).status == .stuck, "it was not tried with success yet")
        var renewed = standing
        renewed.renewed()
        #expect(health(renewed, at: 2).status == .ok)
        standing.answered(one, at: 3_700_000)
        #expect(health(standing, at: 3_700_001).status == .ok)
    }

    @Test(arguments: [XFailure.overBudget(until: 50), .limited(until: 50), .transient("resting")])
    func `what passes by itself is degraded as long as it lasts`(failure: XFailure) {
        var standing = BridgeStanding()
        standing.paused(until: 50, failure)
        #expect(health(standing, at: 49).status == .degraded)
        #expect(health(standing, at: 49).pausedUntil == 50)
        #expect(health(standing, at: 50).status == .ok)
    }

    @Test func `a store that cannot be written is stuck after a minute, and well when it can`() {
        var standing = BridgeStanding()
        standing.faulted(at: 0)
        standing.faulted(at: 30_000)
        #expect(health(standing, at: 59_999).status == .degraded)
        #expect(health(standing, at: 60_000).status == .stuck)
        standing.answered(nil, at: 61_000)
        #expect(health(standing, at: 61_001).status == .ok)
    }
}
