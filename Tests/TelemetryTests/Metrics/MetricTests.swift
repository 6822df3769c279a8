// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Telemetry
import Testing

@Suite struct MetricTests {
    @Test func `nothing is lost when many tasks count at once`() async {
        let counter = Counter()
        let gauge = Gauge()
        let histogram = Histogram(bounds: [1])
        await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<5000 {
                        counter.increment()
                        gauge.add(0.5)
                        histogram.observe(0.5)
                    }
                }
            }
        }
        #expect(counter.value == 20_000)
        #expect(gauge.value == 10_000)
        #expect(histogram.reading.counts == [20_000, 0])
        #expect(histogram.reading.sum == 10_000)
    }

    @Test func `a counter never goes back`() {
        let counter = Counter()
        counter.increment(by: 2)
        counter.increment(by: -5)
        #expect(counter.value == 2)
    }

    @Test func `a bound belongs to the bucket below it`() {
        let histogram = Histogram(bounds: [1, 2, 3])
        for value in [0, 1, 1.5, 2, 3, 3.5] { histogram.observe(value) }
        #expect(histogram.reading.counts == [2, 2, 1, 1])
        #expect(histogram.reading.count == 6)
    }

    @Test func `not a number is left out of a histogram`() {
        let histogram = Histogram(bounds: [1])
        histogram.observe(.nan)
        #expect(histogram.reading.count == 0)
    }

    @Test func `bounds that do not ascend trap`() async {
        await #expect(processExitsWith: .failure) { _ = Histogram(bounds: [1, 1]) }
    }

    @Test func `a name that a scraper would refuse traps`() async {
        await #expect(processExitsWith: .failure) { _ = MetricsRegistry().gauge("a-b", "A.") }
        await #expect(processExitsWith: .failure) { _ = MetricsRegistry().gauge("a_total", "A.") }
        await #expect(processExitsWith: .failure) { _ = MetricsRegistry().counter("a", "A.") }
    }

    @Test func `one name is not registered twice`() async {
        await #expect(processExitsWith: .failure) {
            let registry = MetricsRegistry()
            _ = registry.gauge("a", "A.")
            _ = registry.gauge("a", "A.")
        }
    }
}
