// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// So many at once, and so many a second over time.
struct TokenBucket: Hashable, Sendable {
    private let rate: Double
    private let most: Double
    private var tokens: Double
    private var at: Uptime?

    init(perSecond rate: Double, burst: Int) {
        self.rate = max(rate, 0.001)
        most = Double(max(1, burst))
        tokens = most
    }

    /// - Returns: whether one may go now.
    mutating func take(at now: Uptime) -> Bool {
        fill(at: now)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    /// When one may go.
    mutating func next(at now: Uptime) -> Uptime {
        fill(at: now)
        if tokens >= 1 { return now }
        return now + .nanoseconds(Int64((1 - tokens) / rate * 1e9) + 1)
    }

    private mutating func fill(at now: Uptime) {
        defer { at = now }
        guard let at else { return }
        let (seconds, attoseconds) = (now - at).components
        tokens = min(most, tokens + (Double(seconds) + Double(attoseconds) / 1e18) * rate)
    }
}
