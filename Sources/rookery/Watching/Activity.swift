// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the daemon is doing, as `rookery top` asks for it: the metrics as they stand, and the last slow queries.
struct Activity: Codable, Hashable, Sendable {
    /// **Seconds** since the start, to the microsecond.
    var uptime: Double
    /// By name and labels, as they are scraped; without buckets, and without those of single upstream relays.
    var metrics: [String: Double]
    var slow: [SlowQueries.Query]

    init(uptime: Double, metrics: [String: Double], slow: [SlowQueries.Query]) {
        self.uptime = uptime
        self.metrics = metrics
        self.slow = slow
    }

    /// - Parameter text: as Prometheus reads it.
    init(uptime: Double, prometheus text: [UInt8], slow: [SlowQueries.Query]) {
        var metrics: [String: Double] = [:]
        for line in text.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
            let line = String(decoding: line, as: UTF8.self)
            guard let space = line.lastIndex(of: " "), !line.contains("_bucket{"), !line.contains("relay=\""),
                let value = Double(line[line.index(after: space)...]), value.isFinite
            else { continue }
            metrics[String(line[..<space])] = value
        }
        self.init(uptime: uptime, metrics: metrics, slow: slow)
    }

    /// What a metric stands at; with several labels, all of them together that hold `label`.
    func value(_ name: String, _ label: String? = nil) -> Double {
        if label == nil, let value = metrics[name] { return value }
        return metrics.reduce(0) { sum, metric in
            guard metric.key.hasPrefix(name + "{"), label.map({ metric.key.contains($0) }) ?? true else {
                return sum
            }
            return sum + metric.value
        }
    }
}
