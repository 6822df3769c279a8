// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct MediaAttemptsTests {
    private let limits = MediaLimits()

    @Test func `a medium waits longer after each failure, and is given up after the third`() {
        var attempts = MediaAttempts(at: 1_000)
        #expect(attempts.isDue(at: 1_000) && !attempts.isDue(at: 999))
        attempts.failed(.short, at: 1_000, limits)
        #expect(attempts.notBefore == 31_000 && attempts.state == .pending)
        attempts.failed(.unreachable, at: 31_000, limits)
        #expect(attempts.notBefore == 271_000)
        attempts.failed(.status(500), at: 271_000, limits)
        #expect(attempts.state == .failed && attempts.attempts == 3 && !attempts.isDue(at: .max))
        #expect(attempts.failure == .status(500) && attempts.lastAttempt == 271_000)
    }

    @Test(arguments: [MediaFailure.noFile, .gone, .tooLong, .refused])
    func `what will not change is given up at once`(failure: MediaFailure) {
        var attempts = MediaAttempts(at: 0)
        attempts.failed(failure, at: 0, limits)
        #expect(attempts.state == .failed && attempts.attempts == 1)
    }

    @Test func `a full disk costs no attempt, and is tried again for ever`() {
        var attempts = MediaAttempts(at: 0)
        for moment in 0..<100 { attempts.failed(.diskFull, at: Int64(moment), limits) }
        #expect(attempts.state == .pending && attempts.attempts == 0 && attempts.notBefore == 30_099)
    }

    @Test func `asking again begins anew`() {
        var attempts = MediaAttempts(at: 0)
        attempts.failed(.gone, at: 0, limits)
        attempts.retry(at: 50)
        #expect(attempts.isDue(at: 50) && attempts.attempts == 0)
        attempts.succeeded(at: 60)
        #expect(attempts.state == .stored && attempts.failure == nil && attempts.lastSuccess == 60)
        attempts.failed(.short, at: 70, limits)
        #expect(attempts.state == .stored)
    }

    @Test func `the wait has an end`() {
        var limits = limits
        limits.maxAttempts = 100
        var attempts = MediaAttempts(at: 0)
        for _ in 0..<99 { attempts.failed(.short, at: 0, limits) }
        #expect(attempts.notBefore == 3_600_000)
    }
}
