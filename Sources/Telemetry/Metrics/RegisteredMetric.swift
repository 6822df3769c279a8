// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The three kinds of metric that Rookery has, as the text format calls them.
enum MetricType: String {
    case counter, gauge, histogram
}

/// Where a metric's values come from.
enum MetricSource: Sendable {
    case counter(Counter)
    case counters(Family<Counter>)
    case gauge(Gauge)
    case gauges(Family<Gauge>)
    case histogram(Histogram)
    case histograms(Family<Histogram>)
    case read(@Sendable () -> Double?)

    /// The names of the labels.
    var labels: [String] {
        switch self {
        case .counter, .gauge, .histogram, .read: []
        case .counters(let family): family.labels
        case .gauges(let family): family.labels
        case .histograms(let family): family.labels
        }
    }
}

/// A metric as the registry keeps it.
struct RegisteredMetric: Sendable {
    let name: String
    let help: String
    let type: MetricType
    let source: MetricSource

    /// Traps on a name that a scraper would refuse or that does not say what it counts: a slip at the declaration.
    func checkNames() {
        precondition(Self.isName(name), "not a metric name: \(name)")
        precondition(source.labels.allSatisfy(Self.isLabel), "not label names: \(source.labels)")
        precondition((type == .counter) == name.hasSuffix("_total"), "counters, and only they, end in _total")
        precondition(type != .histogram || !source.labels.contains("le"), "le belongs to buckets")
        precondition(!help.isEmpty, "a metric says what it means: \(name)")
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || isDigit($0) }
    }

    private static func isLabel(_ text: String) -> Bool { isName(text) && !text.hasPrefix("__") }
    private static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 32) >= 97 && (byte | 32) <= 122 || byte == 95
    }
    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
}
