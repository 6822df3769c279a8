// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What is left of a ``Rate``: full after a rest, filled again as time passes.
struct TokenBucket: Hashable, Sendable {
    /// Below zero when more was taken than was there.
    private var tokens: Double
    private var at: Uptime

    init(_ rate: Rate, at now: Uptime) {
        tokens = rate.burst
        at = now
    }

    /// Takes `cost` if there is as much; what costs more than the whole bucket holds needs a full one, and leaves a debt.
    ///
    /// - Returns: how long it takes until there is enough; `nil` when it was taken.
    mutating func take(_ cost: Double, _ rate: Rate, at now: Uptime) -> Duration? {
        fill(rate, at: now)
        let missing = min(cost, rate.burst) - tokens
        guard missing <= 0 else { return rate.time(for: missing) }
        tokens -= cost
        return nil
    }

    /// Takes `cost` whatever there is; the debt never grows beyond one more burst.
    mutating func charge(_ cost: Double, _ rate: Rate, at now: Uptime) {
        fill(rate, at: now)
        tokens = max(tokens - cost, -rate.burst)
    }

    /// Whether it is as if it had never been touched.
    func isFull(_ rate: Rate, at now: Uptime) -> Bool { level(rate, at: now) >= rate.burst }

    /// What would be in it.
    func level(_ rate: Rate, at now: Uptime) -> Double {
        min(rate.burst, tokens + max(0, (now - at) / .seconds(1)) * rate.perSecond)
    }

    private mutating func fill(_ rate: Rate, at now: Uptime) {
        tokens = level(rate, at: now)
        at = max(at, now)
    }
}
