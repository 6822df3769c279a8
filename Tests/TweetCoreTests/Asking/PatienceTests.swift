// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing
import TweetCore

/// Waiting: between attempts, while nothing answers, and before the stream is dialled again.
@Suite struct PatienceTests {
    @Test func `waits double from a second, give or take a tenth`() {
        var rng = SplitMix64(seed: 1)
        let policy = RequestRetries()
        for (attempts, plain) in [(1, 1_000.0), (2, 2_000), (3, 4_000), (4, 8_000)] {
            for _ in 0..<50 {
                let wait =
                    policy.wait(after: .transient(""), attempts: attempts, elapsed: 0, at: 0, using: &rng)
                    ?? 0
                #expect(Double(wait) >= plain * 0.9 - 1 && Double(wait) <= plain * 1.1)
            }
        }
        #expect(policy.wait(after: .transient(""), attempts: 5, elapsed: 0, at: 0, using: &rng) == nil)
        #expect(policy.wait(after: .transient(""), attempts: 1, elapsed: 299_900, at: 0, using: &rng) == nil)
    }

    @Test func `a minute is the longest wait, and X's hint is heeded`() {
        var rng = SplitMix64(seed: 2)
        var policy = RequestRetries()
        policy.attemptsMax = 50
        let wait = policy.wait(after: .transient(""), attempts: 20, elapsed: 0, at: 0, using: &rng) ?? 0
        #expect((54_000...66_000).contains(wait))
        #expect(
            policy.wait(after: .transient(""), hint: 90_000, attempts: 1, elapsed: 0, at: 0, using: &rng)
                == 90_000)
    }

    @Test func `a limit is waited out when it ends soon, and left to the planner otherwise`() {
        var rng = SplitMix64(seed: 3)
        let policy = RequestRetries()
        let wait =
            policy.wait(after: .limited(until: 5_000), attempts: 1, elapsed: 0, at: 1_000, using: &rng) ?? 0
        #expect((4_000...4_999).contains(wait))
        #expect(
            policy.wait(after: .limited(until: 500_000), attempts: 1, elapsed: 0, at: 1_000, using: &rng)
                == nil)
        #expect(
            policy.wait(after: .limited(until: nil), attempts: 1, elapsed: 0, at: 1_000, using: &rng) == nil)
    }

    @Test(arguments: [
        XFailure.usageCapped(until: nil), .outOfCredits, .unauthorized(""), .forbidden(""),
        .staleSince(PostID(1)), .invalid(""), .overBudget(until: 1),
    ]) func `what will not change is not asked again`(_ failure: XFailure) {
        var rng = SplitMix64(seed: 4)
        #expect(RequestRetries().wait(after: failure, attempts: 1, elapsed: 0, at: 0, using: &rng) == nil)
    }

    @Test func `the stream is dialled again by X's rules`() {
        var course = StreamCourse()
        #expect((0..<3).map { _ in course.lost(.network, at: 0) } == [250, 500, 750])
        #expect((0..<100).map { _ in course.lost(.network, at: 0) }.last == 16_000)
        #expect(
            (0..<8).map { _ in course.lost(.refused, at: 0) } == [
                5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 320_000,
            ])
        #expect((0..<3).map { _ in course.lost(.limited(until: nil), at: 0) } == [60_000, 120_000, 240_000])
        course.dialled(at: 0)
        course.heard(at: 10)
        #expect(course.lost(.network, at: 20) == 250)
        #expect(course.lost(.limited(until: 100_000), at: 0) == 100_000)
    }

    @Test func `a connection that accepts and ends at once does not reset the wait`() {
        var course = StreamCourse()
        for expected in [250, 500, 750] as [Int64] {
            course.dialled(at: 0)
            #expect(course.lost(.network, at: 0) == expected)
        }
    }

    @Test func `silence ends a connection after X's twenty seconds and ten of ours`() {
        var course = StreamCourse()
        #expect(course.deadline == nil)
        course.dialled(at: 1_000)
        #expect(course.deadline == 31_000)
        course.heard(at: 21_000)
        #expect(course.deadline == 51_000)
        _ = course.lost(.network, at: 51_000)
        #expect(course.deadline == nil)
    }
}
