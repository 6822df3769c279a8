// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct CopyAttemptsTests {
    private let limits = MediaLimits()

    @Test func `a server that does not answer is asked again, ever later`() {
        var copy = CopyAttempts(at: 0)
        copy.failed(.unreachable, at: 0, limits)
        #expect(copy.notBefore == 30_000 && copy.isDue(at: 30_000) && !copy.isDue(at: 29_999))
        copy.failed(.limited, at: 30_000, limits)
        #expect(copy.notBefore == 270_000)
        for _ in 2..<19 { copy.failed(.unreachable, at: 0, limits) }
        #expect(copy.state == .pending && copy.notBefore == 3_600_000)
        copy.failed(.unreachable, at: 0, limits)
        #expect(copy.state == .failed && copy.attempts == 20)
        copy.retry(at: 7)
        #expect(copy.isDue(at: 7) && copy.attempts == 0)
    }

    @Test(arguments: [
        BlossomUpload.Failure.payment, .forbidden, .tooLong, .wrongType, .unauthorized, .refused,
    ]) func `what a server does not want is given up`(failure: BlossomUpload.Failure) {
        var copy = CopyAttempts(at: 0)
        copy.failed(failure, at: 0, limits)
        #expect(copy.state == .failed && copy.failure == failure)
    }

    @Test func `what is stored has its place`() {
        var copy = CopyAttempts(at: 0)
        copy.failed(.wrongBlob, at: 0, limits)
        copy.stored(at: "https://a.test/x.png")
        #expect(copy.state == .stored && copy.url == "https://a.test/x.png" && copy.failure == nil)
        #expect(!copy.isDue(at: .max))
    }
}
