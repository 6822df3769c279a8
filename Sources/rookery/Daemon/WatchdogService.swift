// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import ServiceLifecycle

/// Tells the service manager that the daemon is alive, as long as every event loop turns.
///
/// A loop that hangs keeps everybody on it waiting, and only a restart helps. A disk that is full or a sync that is stuck
/// is no reason: a restart would change nothing.
struct WatchdogService: Service {
    let loops: [any EventLoop]
    /// Time between two words, and so less than the silence that is allowed.
    let interval: Duration
    let tell: @Sendable () -> Void
    var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// Twice as often as is asked for: what `sd_watchdog_enabled(3)` recommends.
    static func interval(silence: Duration) -> Duration { silence / 2 }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                for loop in loops { try? await loop.submit {}.get() }
                tell()
                // Cancelled, it ends at once, and so does the loop.
                try? await pause(interval)
            }
        }
    }
}
