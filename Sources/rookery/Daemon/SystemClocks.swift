// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NIOCore
import NostrCore

/// The clocks of this machine; everything below is handed one of them.
enum SystemClocks {
    /// The time of day.
    @Sendable static func now() -> Timestamp { Timestamp(max(0, Int64(time(nil)))) }

    /// The clock that only moves forward.
    @Sendable static func uptime() -> Uptime {
        Uptime(nanoseconds: Int64(clamping: NIODeadline.now().uptimeNanoseconds))
    }
}
