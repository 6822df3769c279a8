// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// The monotonic clock, in **seconds**.
enum Clock {
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Time of processors that this process has used, in **seconds**.
    static var ownProcessor: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Not at all when that moment is over.
    static func sleep(until moment: Double) {
        let left = moment - now
        if left > 0 { usleep(UInt32(left * 1e6)) }
    }
}
