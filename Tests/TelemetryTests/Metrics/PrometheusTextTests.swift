// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Telemetry
import Testing

@Suite struct PrometheusTextTests {
    private let registry = MetricsRegistry()
    private var text: String { String(decoding: PrometheusText.render(registry), as: UTF8.self) }

    @Test func `a counter is written with its help and type`() {
        registry.counter("a_total", "Things counted.").increment(by: 3)
        #expect(text == "# HELP a_total Things counted.\n# TYPE a_total counter\na_total 3\n")
    }

    @Test func `metrics are ordered by name and members by labels`() {
        let family = registry.counters("b_total", "B.", labels: ["x"], limit: 4)
        family["two"].increment()
        family["one"].increment(by: 2)
        registry.gauge("a", "A.").set(1.5)
        #expect(
            text.split(separator: "\n").filter { !$0.hasPrefix("#") } == [
                "a 1.5", "b_total{x=\"one\"} 2", "b_total{x=\"two\"} 1",
            ])
    }

    @Test func `the buckets of a histogram accumulate up to its count`() {
        let histogram = registry.histogram("h_seconds", "H.", bounds: [0.1, 1])
        for value in [0.1, 0.5, 7] { histogram.observe(value) }
        let samples = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            samples == [
                "h_seconds_bucket{le=\"0.1\"} 1", "h_seconds_bucket{le=\"1\"} 2",
                "h_seconds_bucket{le=\"+Inf\"} 3", "h_seconds_sum 7.6", "h_seconds_count 3",
            ])
    }

    @Test func `labels of a histogram come before its bounds`() {
        let family = registry.histograms("h_seconds", "H.", labels: ["x"], limit: 1, bounds: [1])
        family["y"].observe(.milliseconds(250))
        #expect(text.contains("h_seconds_bucket{x=\"y\",le=\"1\"} 1\n"))
        #expect(text.contains("h_seconds_sum{x=\"y\"} 0.25\n"))
    }

    @Test func `quotes, backslashes and newlines in a label are escaped`() {
        registry.gauges("a", "A \\ b\nc \"d\".", labels: ["x"], limit: 1)["\"\\\n"].set(1)
        #expect(text.contains("a{x=\"\\\"\\\\\\n\"} 1\n"))
        #expect(text.hasPrefix("# HELP a A \\\\ b\\nc \"d\".\n"))
    }

    @Test(arguments: [
        (Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (0, "0"), (-2, "-2"), (0.25, "0.25"),
        (1e300, "1e+300"),
    ])
    func `numbers are spelt as the format wants them`(value: Double, spelling: String) {
        registry.gauge("a", "A.").set(value)
        #expect(text.hasSuffix("\na \(spelling)\n"))
    }

    @Test func `a value read at the scrape may be absent`() {
        registry.gauge("a", "A.") { nil }
        registry.gauge("b", "B.") { 4 }
        #expect(text == "# HELP a A.\n# TYPE a gauge\n# HELP b B.\n# TYPE b gauge\nb 4\n")
    }
}
