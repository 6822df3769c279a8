// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Telemetry
import Testing

@Suite struct TotalTests {
    @Test func `a total is over all counters of a name that have the labels asked for`() {
        let registry = MetricsRegistry()
        registry.counter("a_total", "A.").increment(by: 3)
        let family = registry.counters("b_total", "B.", labels: ["x", "y"], limit: 9)
        for (x, y, count) in [("1", "1", 1), ("1", "2", 10), ("2", "2", 100)] {
            family[x, y].increment(by: count)
        }
        registry.counter("c_total", "C.") { 5 }
        _ = registry.gauge("d", "D.")
        #expect(registry.total("a_total") == 3)
        #expect(registry.total("b_total") == 111 && registry.total("b_total", ["x": "1"]) == 11)
        #expect(registry.total("b_total", ["x": "1", "y": "2"]) == 10)
        #expect(registry.total("b_total", ["x": "3"]) == 0 && registry.total("c_total") == 5)
        #expect(registry.total("d") == nil && registry.total("e_total") == nil)
    }
}
