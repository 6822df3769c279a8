// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@testable import rookery

@Suite struct RateWindowTests {
    private func at(_ seconds: Int) -> Uptime { .zero + .seconds(seconds) }

    @Test func `before anything was read nothing is told`() {
        #expect(RateWindow().rates([.queries: 5], at: .zero) == [:])
    }

    @Test func `a rate is what was added over the last minute, or since the start when that is less`() {
        var window = RateWindow()
        window.add([.queries: 100], at: at(0))
        #expect(window.rates([.queries: 120], at: at(10)) == [.queries: 2])
        for second in stride(from: 5, through: 300, by: 5) {
            window.add([.queries: second <= 200 ? 1_000 : 1_000 + Double(second - 200)], at: at(second))
        }
        #expect(window.rates([.queries: 1_100], at: at(300)) == [.queries: 1])
    }

    @Test func `a counter that is new counts from zero, and none goes back`() {
        var window = RateWindow()
        window.add([.sent: 50], at: at(0))
        #expect(window.rates([.sent: 40, .live: 20], at: at(10)) == [.sent: 0, .live: 2])
    }
}
