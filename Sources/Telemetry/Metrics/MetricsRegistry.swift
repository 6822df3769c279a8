// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers

/// Every metric of the process, by name. Made once, handed down, rendered by ``PrometheusText``.
public final class MetricsRegistry: Sendable {
    private let metrics = NIOLockedValueBox<[String: RegisteredMetric]>([:])

    /// A registry without metrics.
    public init() {}

    /// A counter. Its name ends in `_total`.
    public func counter(_ name: String, _ help: String) -> Counter {
        let counter = Counter()
        register(name, help, .counter, .counter(counter))
        return counter
    }

    /// Counters that differ in their labels; at most `limit` of them.
    public func counters(_ name: String, _ help: String, labels: [String], limit: Int) -> Family<Counter> {
        let family = Family(labels: labels, limit: limit) { Counter() }
        register(name, help, .counter, .counters(family))
        return family
    }

    /// A counter that somebody else keeps and that is read at every scrape.
    public func counter(_ name: String, _ help: String, read: @escaping @Sendable () -> Double?) {
        register(name, help, .counter, .read(read))
    }

    /// A gauge.
    public func gauge(_ name: String, _ help: String) -> Gauge {
        let gauge = Gauge()
        register(name, help, .gauge, .gauge(gauge))
        return gauge
    }

    /// Gauges that differ in their labels; at most `limit` of them.
    public func gauges(_ name: String, _ help: String, labels: [String], limit: Int) -> Family<Gauge> {
        let family = Family(labels: labels, limit: limit) { Gauge() }
        register(name, help, .gauge, .gauges(family))
        return family
    }

    /// A gauge that is read at every scrape; `nil` leaves it out.
    public func gauge(_ name: String, _ help: String, read: @escaping @Sendable () -> Double?) {
        register(name, help, .gauge, .read(read))
    }

    /// A histogram; its unit is in its name (`_seconds`, `_bytes`).
    public func histogram(
        _ name: String, _ help: String, bounds: [Double] = Buckets.latency
    ) -> Histogram {
        let histogram = Histogram(bounds: bounds)
        register(name, help, .histogram, .histogram(histogram))
        return histogram
    }

    /// Histograms that differ in their labels; at most `limit` of them.
    public func histograms(
        _ name: String, _ help: String, labels: [String], limit: Int, bounds: [Double] = Buckets.latency
    ) -> Family<Histogram> {
        let family = Family(labels: labels, limit: limit) { Histogram(bounds: bounds) }
        register(name, help, .histogram, .histograms(family))
        return family
    }

    /// What is registered, ordered by name.
    var sorted: [RegisteredMetric] {
        metrics.withLockedValue { Array($0.values) }.sorted { $0.name < $1.name }
    }

    /// Where the values of one metric come from.
    func source(of name: String) -> MetricSource? { metrics.withLockedValue { $0[name]?.source } }

    private func register(_ name: String, _ help: String, _ type: MetricType, _ source: MetricSource) {
        let metric = RegisteredMetric(name: name, help: help, type: type, source: source)
        metric.checkNames()
        metrics.withLockedValue { metrics in
            precondition(metrics[name] == nil, "a metric is registered once: \(name)")
            metrics[name] = metric
        }
    }
}
