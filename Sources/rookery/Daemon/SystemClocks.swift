// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NostrCore
import Telemetry

/// The clocks of this machine; everything below is handed one of them.
enum SystemClocks {
    /// The time of day.
    ///
    /// Not `time(2)`, which is as late as the kernel's last tick: a client's second may have begun already.
    @Sendable static func now() -> Timestamp { Timestamp(max(0, LogOutput.wallClock() / 1_000)) }

    /// The clock that only moves forward.
    @Sendable static func uptime() -> Uptime {
        Uptime(nanoseconds: Int64(clamping: NIODeadline.now().uptimeNanoseconds))
    }
}
