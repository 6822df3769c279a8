// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The unit in which a key counts time.
enum TimeUnit: Sendable {
    case milliseconds, seconds, hours

    private var seconds: Double {
        switch self {
        case .milliseconds: 0.001
        case .seconds: 1
        case .hours: 3600
        }
    }

    /// `count` units, to the nanosecond.
    func duration(_ count: Double) -> Duration {
        .nanoseconds(Int64((count * seconds * 1e9).rounded()))
    }

    /// How many units a span has.
    func count(_ duration: Duration) -> Double {
        (duration / .nanoseconds(1)).rounded() / (seconds * 1e9)
    }
}
