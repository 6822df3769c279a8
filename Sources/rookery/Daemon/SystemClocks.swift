// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NostrCore

/// The clocks of this machine; everything below is handed one of them.
enum SystemClocks {
    /// The time of day.
    @Sendable static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(max(0, Int64(time.tv_sec)))
    }

    /// The clock that only moves forward.
    @Sendable static func uptime() -> Uptime {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Uptime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
