// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@testable import TweetBridge

@Suite struct RelayReplyTests {
    @Test(arguments: [
        (true, "", RelayReply.accepted), (true, "duplicate: have it", .accepted),
        (false, "duplicate: have it", .accepted),
        (false, "rate-limited: slow down", .limited), (false, "auth-required: who are you", .needsKey),
        (false, "pow: 20 bits", .rejected), (false, "blocked: you", .rejected),
        (false, "invalid: bad id", .rejected),
        (false, "restricted: paid", .rejected), (false, "error: disk", .transient), (false, "", .transient),
        (false, "who knows", .transient), (false, "invalid: created_at too early", .old),
        (false, "invalid: event creation date is too far off from the current time", .old),
        (false, "blocked: event is too old", .old), (false, "error: timestamp out of range", .old),
        (false, "invalid: created_at too late", .transient),
        (false, "invalid: created_at is in the future", .transient),
        (false, "rate-limited: check your timestamp", .limited),
    ])
    func `an answer means what is to be done about it`(accepted: Bool, message: String, reply: RelayReply) {
        #expect(RelayReply(accepted: accepted, message: message) == reply)
    }
}

@Suite struct TokenBucketTests {
    @Test func `a burst goes at once, the rest by the second`() {
        var bucket = TokenBucket(perSecond: 2, burst: 3)
        let start = Uptime(nanoseconds: 5_000_000_000)
        #expect((0..<3).map { _ in bucket.take(at: start) } == [true, true, true])
        #expect(bucket.take(at: start) == false)
        let next = bucket.next(at: start)
        #expect((.milliseconds(500)...(.milliseconds(501))).contains(next - start))
        #expect(bucket.take(at: next) == true)
        #expect(bucket.take(at: next) == false)
        let later = start + .seconds(100)
        #expect((0..<4).map { _ in bucket.take(at: later) } == [true, true, true, false])
    }
}
