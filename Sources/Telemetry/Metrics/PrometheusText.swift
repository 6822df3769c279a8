// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Prometheus' text exposition format, version 0.0.4.
public enum PrometheusText {
    /// All metrics, ordered by name and labels. Every value is read once.
    public static func render(_ registry: MetricsRegistry) -> [UInt8] {
        var page = PrometheusPage()
        for metric in registry.sorted { page.append(metric) }
        return page.bytes
    }
}

/// The page while it is written.
struct PrometheusPage {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(32 * 1024) }

    mutating func append(_ metric: RegisteredMetric) {
        write("# HELP \(metric.name) \(Self.escaped(metric.help, quotes: false))\n")
        write("# TYPE \(metric.name) \(metric.type.rawValue)\n")
        let name = metric.name
        switch metric.source {
        case .counter(let counter): sample(name, "", String(counter.value))
        case .gauge(let gauge): sample(name, "", Self.number(gauge.value))
        case .read(let read): if let value = read() { sample(name, "", Self.number(value)) }
        case .histogram(let histogram): append(histogram, name, labels: "")
        case .counters(let family):
            for (values, counter) in family.sorted {
                sample(name, Self.pairs(family.labels, values), String(counter.value))
            }
        case .gauges(let family):
            for (values, gauge) in family.sorted {
                sample(name, Self.pairs(family.labels, values), Self.number(gauge.value))
            }
        case .histograms(let family):
            for (values, histogram) in family.sorted {
                append(histogram, name, labels: Self.pairs(family.labels, values))
            }
        }
    }

    private mutating func append(_ histogram: Histogram, _ name: String, labels: String) {
        let reading = histogram.reading
        let comma = labels.isEmpty ? "" : ","
        var accumulated: UInt64 = 0
        for (bound, count) in zip(histogram.bounds, reading.counts) {
            accumulated &+= count
            sample("\(name)_bucket", "\(labels)\(comma)le=\"\(Self.number(bound))\"", String(accumulated))
        }
        sample("\(name)_bucket", "\(labels)\(comma)le=\"+Inf\"", String(reading.count))
        sample("\(name)_sum", labels, Self.number(reading.sum))
        sample("\(name)_count", labels, String(reading.count))
    }

    private mutating func sample(_ name: String, _ labels: String, _ value: String) {
        write(labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n")
    }

    private mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private static func pairs(_ names: [String], _ values: [String]) -> String {
        zip(names, values).map { "\($0)=\"\(escaped($1, quotes: true))\"" }.joined(separator: ",")
    }

    /// Whole numbers without a fraction, the special values as the format spells them.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return String(value)
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
