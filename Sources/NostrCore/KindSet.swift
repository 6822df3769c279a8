// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Some kinds, told as numbers and ranges.
public struct KindSet: Hashable, Sendable {
    /// Ascending, apart from each other by at least one kind.
    public private(set) var ranges: [ClosedRange<UInt16>] = []

    public init(_ ranges: [ClosedRange<UInt16>] = []) {
        for range in ranges { insert(range) }
    }

    public var isEmpty: Bool { ranges.isEmpty }

    public func contains(_ kind: Kind) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].contains(kind.rawValue) { return true }
            if ranges[middle].lowerBound > kind.rawValue { high = middle } else { low = middle + 1 }
        }
        return false
    }

    public mutating func insert(_ kind: Kind) { insert(kind.rawValue...kind.rawValue) }

    public mutating func insert(_ range: ClosedRange<UInt16>) {
        var (from, to) = (Int(range.lowerBound), Int(range.upperBound))
        var rest: [ClosedRange<UInt16>] = []
        for other in ranges {
            if Int(other.upperBound) + 1 < from || Int(other.lowerBound) > to + 1 {
                rest.append(other)
            } else {
                from = min(from, Int(other.lowerBound))
                to = max(to, Int(other.upperBound))
            }
        }
        ranges = (rest + [UInt16(from)...UInt16(to)]).sorted { $0.lowerBound < $1.lowerBound }
    }

    public mutating func remove(_ kind: Kind) {
        ranges = ranges.flatMap { range -> [ClosedRange<UInt16>] in
            guard range.contains(kind.rawValue) else { return [range] }
            var parts: [ClosedRange<UInt16>] = []
            if range.lowerBound < kind.rawValue { parts.append(range.lowerBound...(kind.rawValue - 1)) }
            if range.upperBound > kind.rawValue { parts.append((kind.rawValue + 1)...range.upperBound) }
            return parts
        }
    }

    /// A number, or two with `-` between them: `30000-39999`.
    ///
    /// - Returns: `nil` for anything else.
    public static func range(_ text: String) -> ClosedRange<UInt16>? {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let bounds = parts.compactMap { part in UInt16(part).flatMap { String($0) == part ? $0 : nil } }
        guard bounds.count == parts.count, let first = bounds.first, let last = bounds.last, first <= last
        else { return nil }
        return first...last
    }

    /// As ``range(_:)`` reads it.
    public static func text(_ range: ClosedRange<UInt16>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }
}
