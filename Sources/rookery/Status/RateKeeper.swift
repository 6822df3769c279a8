// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import ServiceLifecycle
import Telemetry

/// Reads a few counters now and then, so that the status page can tell rates at once.
final class RateKeeper: Service {
    private let registry: MetricsRegistry
    private let uptime: @Sendable () -> Uptime
    private let window = NIOLockedValueBox(RateWindow())

    init(_ registry: MetricsRegistry, uptime: @escaping @Sendable () -> Uptime) {
        self.registry = registry
        self.uptime = uptime
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                look()
                // Cancelled, it ends at once, and so does the loop.
                try? await Task.sleep(for: RateWindow.step)
            }
        }
    }

    func look() {
        let (reading, now) = (reading, uptime())
        window.withLockedValue { $0.add(reading, at: now) }
    }

    /// So many a second, over the last minute.
    var rates: RateWindow.Reading {
        let (reading, now) = (reading, uptime())
        return window.withLockedValue { $0.rates(reading, at: now) }
    }

    private var reading: RateWindow.Reading {
        RateWindow.Reading(
            uniqueKeysWithValues: StatusRate.allCases.map { ($0, $0.total(registry)) })
    }
}
