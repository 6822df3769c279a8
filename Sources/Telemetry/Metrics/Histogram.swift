// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Synchronization

/// How often a measurement fell into which range: one search among a dozen bounds and two atomic additions.
public final class Histogram: Sendable {
    /// Upper bounds (inclusive) of the buckets, ascending; one more bucket above the last takes the rest.
    public let bounds: [Double]
    private let buckets: [Counter]
    private let sumBits = Atomic<UInt64>(0)

    /// A histogram without measurements; hand it out through ``MetricsRegistry`` so that it is shown.
    public init(bounds: [Double]) {
        precondition(!bounds.isEmpty, "a histogram has at least one bound")
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "bounds of a histogram ascend")
        self.bounds = bounds
        buckets = (0...bounds.count).map { _ in Counter() }
    }

    /// Counts one measurement. Not-a-number is left out: it would poison the sum for ever.
    public func observe(_ value: Double) {
        guard !value.isNaN else { return }
        buckets[bucket(of: value)].increment()
        sumBits.addBitPattern(value)
    }

    /// Counts one span of time, in **seconds**.
    public func observe(_ span: Duration) {
        observe(span / .seconds(1))
    }

    /// A consistent reading: the count is the sum of the buckets read.
    public var reading: Reading {
        Reading(counts: buckets.map(\.value), sum: Double(bitPattern: sumBits.load(ordering: .relaxed)))
    }

    /// What a scrape sees of a histogram.
    public struct Reading: Equatable, Sendable {
        /// Measurements per bucket, not accumulated; the last is for those above every bound.
        public let counts: [UInt64]
        /// The sum of all measurements.
        public let sum: Double
        /// How many measurements there were.
        public var count: UInt64 { counts.reduce(0, &+) }
    }

    /// The index of the first bound that is not below `value`.
    private func bucket(of value: Double) -> Int {
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Ready bounds for common measurements.
public enum Buckets {
    /// 50 µs … 10 s, for latencies in **seconds**.
    public static let latency = [
        0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
        2.5, 10,
    ]
    /// 1 … 16384, for how many things go together.
    public static let sizes = [1.0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 16384]
}
