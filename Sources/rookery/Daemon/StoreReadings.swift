// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NostrCore

/// What the store says of itself, read once for all who ask at about the same time, as the lines of one scrape do.
final class StoreReadings: Sendable {
    /// How long a reading is good for.
    private static let lifetime = Duration.milliseconds(100)

    private let uptime: @Sendable () -> Uptime
    private let read: @Sendable () -> StoreStatistics?
    private let last = NIOLockedValueBox<(at: Uptime, statistics: StoreStatistics?)?>(nil)

    init(uptime: @escaping @Sendable () -> Uptime, read: @escaping @Sendable () -> StoreStatistics?) {
        self.uptime = uptime
        self.read = read
    }

    /// `nil` when the store cannot be read.
    var now: StoreStatistics? {
        let now = uptime()
        return last.withLockedValue { last in
            if let last, now - last.at < Self.lifetime { return last.statistics }
            let statistics = read()
            last = (now, statistics)
            return statistics
        }
    }
}
