// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Telemetry
import Testing

@Suite struct FamilyTests {
    @Test func `the same labels name the same member`() {
        let family = Family(labels: ["relay", "result"], limit: 2) { Counter() }
        family["wss://a.test", "success"].increment()
        family["wss://a.test", "success"].increment()
        #expect(family["wss://a.test", "success"].value == 2)
        #expect(family["wss://a.test", "failure"].value == 0)
    }

    @Test func `what no longer fits is counted in one shared member`() {
        let registry = MetricsRegistry()
        let family = registry.counters("a_total", "A.", labels: ["x"], limit: 2)
        for value in 0..<1000 { family[String(value)].increment() }
        let samples = String(decoding: PrometheusText.render(registry), as: UTF8.self)
            .split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(samples == ["a_total{x=\"0\"} 1", "a_total{x=\"1\"} 1", "a_total{x=\"_other\"} 998"])
    }

    @Test func `a family that was full has room again when a label is forgotten`() {
        let family = Family(labels: ["x"], limit: 2) { Counter() }
        for value in ["a", "b", "c"] { family[value].increment() }
        family.forget("a")
        family["d"].increment()
        #expect(family["d"].value == 1)
        family["e"].increment()
        #expect(family["e"].value == 2, "shared with c")
    }

    @Test func `a forgotten label makes room`() {
        let family = Family(labels: ["x", "y"], limit: 2) { Counter() }
        family["a", "1"].increment()
        family["a", "2"].increment()
        family.forget("a")
        family["b", "1"].increment()
        #expect(family["b", "1"].value == 1)
        #expect(family["a", "1"].value == 0)
    }
}
