// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension MetricsRegistry {
    /// What counters stand at: one, or all of a family together that have these label values.
    ///
    /// - Returns: `nil` when there is no counter of that name.
    public func total(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        switch source(of: name) {
        case .counter(let counter): return Double(counter.value)
        case .read(let read): return read()
        case .counters(let family):
            let wanted = family.labels.map { labels[$0] }
            return family.sorted.reduce(0) { sum, member in
                let isMeant = zip(wanted, member.values).allSatisfy { $0 == nil || $0 == $1 }
                return isMeant ? sum + Double(member.metric.value) : sum
            }
        case .gauge, .gauges, .histogram, .histograms, nil: return nil
        }
    }
}
