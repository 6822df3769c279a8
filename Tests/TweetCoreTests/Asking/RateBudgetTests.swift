// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct RateBudgetTests {
    private func headers(_ remaining: Int, reset: Int64, limit: Int = 10) -> XHeaders {
        var headers = XHeaders()
        headers.window = XHeaders.Window(limit: limit, remaining: remaining, reset: reset)
        return headers
    }

    @Test func `the seed counts until an answer says more`() {
        var budget = RateBudget(limit: 2, at: 0)
        #expect(budget.blocked(at: 0) == nil)
        budget.take()
        budget.take()
        #expect(budget.blocked(at: 1) == RateBudget.window + RateBudget.margin)
        #expect(budget.blocked(at: RateBudget.window) == nil)
        for _ in 0..<2 { budget.ended(nil, at: 900_000) }
        budget.take()
        budget.ended(headers(40_000, reset: 2_000_000, limit: 40_001), at: 900_000)
        #expect(budget.remaining == 40_000)
    }

    @Test func `none left waits for X's moment and five seconds more`() {
        var budget = RateBudget(limit: 100, at: 0)
        budget.take()
        budget.ended(headers(0, reset: 600_000), at: 0)
        #expect(budget.blocked(at: 599_999) == 605_000 && budget.blocked(at: 604_999) == 605_000)
        #expect(budget.blocked(at: 605_000) == nil && budget.remaining == 10)
    }

    @Test func `what is under way is not counted twice, nor forgotten`() {
        var budget = RateBudget(limit: 100, at: 0)
        for _ in 0..<3 { budget.take() }
        budget.ended(headers(9, reset: 600_000), at: 0)
        #expect(budget.remaining == 7)
        budget.ended(headers(8, reset: 600_000), at: 0)
        #expect(budget.remaining == 7)
        // The answers came in another order than the requests.
        budget.ended(headers(9, reset: 600_000), at: 0)
        #expect(budget.remaining == 7)
    }

    @Test func `the day's limit counts as well`() {
        var budget = RateBudget(limit: 100, at: 0)
        var both = headers(50, reset: 600_000)
        both.day = XHeaders.Window(limit: 17, remaining: 1, reset: 80_000_000)
        budget.take()
        budget.ended(both, at: 0)
        #expect(budget.blocked(at: 0) == nil)
        budget.take()
        #expect(budget.blocked(at: 700_000) == 80_005_000)
        #expect(budget.blocked(at: 80_005_000) == nil)
    }

    @Test func `X's word beats the count`() {
        var budget = RateBudget(limit: 100, at: 0)
        budget.take()
        budget.ended(nil, at: 0)
        budget.exhausted(until: 300_000, at: 0)
        #expect(budget.blocked(at: 0) == 300_000 && budget.blocked(at: 300_000) == nil)
        budget.exhausted(until: nil, at: 400_000)
        #expect(budget.blocked(at: 400_000) != nil)
    }

    @Test func `headers are read by their names, and nonsense is left out`() {
        let all = [
            "x-rate-limit-limit": "900", "x-rate-limit-remaining": "899", "x-rate-limit-reset": "1785000600",
            "retry-after": "-1",
            "x-app-limit-24hour-limit": "100", "x-app-limit-24hour-remaining": "7",
            "x-app-limit-24hour-reset": "1785000700",
            "x-user-limit-24hour-remaining": "3", "x-user-limit-24hour-reset": "1785000800",
            "content-type": "Application/Problem+JSON; charset=utf-8", "x-request-id": "ab c\n1",
        ]
        let headers = XHeaders { all[$0] }
        #expect(headers.window == XHeaders.Window(limit: 900, remaining: 899, reset: 1_785_000_600_000))
        #expect(
            headers.day?.remaining == 3 && headers.retryAfter == nil && headers.saysJSON
                && headers.requestID == "abc1")
        #expect(XHeaders { $0 == "x-rate-limit-remaining" ? "many" : nil }.window == nil)
    }
}
