// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// The time of day, and waiting: handed in, so that tests have theirs.
public struct BridgeClock: Sendable {
    /// **Milliseconds** since 1970.
    public var now: @Sendable () -> Int64
    /// Waits so many **milliseconds**; throws when the task is cancelled.
    public var sleep: @Sendable (Int64) async throws -> Void

    public init(now: @escaping @Sendable () -> Int64, sleep: @escaping @Sendable (Int64) async throws -> Void)
    {
        self.now = now
        self.sleep = sleep
    }

    /// The machine's own.
    public static let system = BridgeClock(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
        },
        sleep: { try await Task.sleep(for: .milliseconds($0)) })
}
