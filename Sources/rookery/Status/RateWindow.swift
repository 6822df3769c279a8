// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NostrCore

/// How fast counters grew over the last minute: what they stood at now and then, and no longer ago than that.
struct RateWindow: Sendable {
    /// What counters stood at.
    typealias Reading = [StatusRate: Double]

    /// Over how long rates are told, and how often counters are read for it.
    static let (span, step) = (Duration.seconds(60), Duration.seconds(5))

    private var readings: Deque<(at: Uptime, values: Reading)> = []

    /// Takes what counters stand at; one reading older than the window is kept, so that it is covered.
    mutating func add(_ values: Reading, at now: Uptime) {
        readings.append((now, values))
        while readings.count > 1, now - readings[1].at >= Self.span { readings.removeFirst() }
    }

    /// So many a second until now; nothing before anything was read.
    func rates(_ values: Reading, at now: Uptime) -> Reading {
        guard let first = readings.first, now > first.at else { return [:] }
        let seconds = (now - first.at) / .seconds(1)
        return Reading(
            uniqueKeysWithValues: values.map { rate, value in
                (rate, max(0, value - first.values[rate, default: 0]) / seconds)
            })
    }
}
