// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How often something happened within the last hour, to five minutes.
public struct HourlyTally: Hashable, Sendable, Codable {
    /// By the number of the five minutes since 1970; at most thirteen.
    private var counts: [Slot] = []

    private struct Slot: Hashable, Sendable, Codable {
        var number: Int64
        var count: Int
    }

    public init() {}

    /// It happens once more. **Milliseconds** since 1970.
    public mutating func add(at now: Int64) {
        let number = now / Self.slot
        counts.removeAll { $0.number <= number - Self.slots }
        if let last = counts.lastIndex(where: { $0.number == number }) {
            counts[last].count += 1
        } else {
            counts.append(Slot(number: number, count: 1))
        }
    }

    public func count(at now: Int64) -> Int {
        counts.reduce(0) { $1.number > now / Self.slot - Self.slots ? $0 + $1.count : $0 }
    }

    private static let slot: Int64 = 300_000
    private static let slots: Int64 = 12
}
