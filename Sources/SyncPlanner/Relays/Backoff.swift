// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// How long to wait after failures: full jitter under a bound that doubles.
///
/// The wait is uniform in `[base / 10, min(most, base × 2ⁿ)]`: never nothing, so that no failure makes a
/// hot loop, and never the same for two who failed together.
public struct Backoff: Hashable, Sendable {
    /// Failures in a row.
    public var attempts = 0
    /// No new attempt before.
    public var notBefore: Uptime?

    public init(attempts: Int = 0, notBefore: Uptime? = nil) {
        self.attempts = attempts
        self.notBefore = notBefore
    }

    /// Counts a failure.
    ///
    /// - Returns: how long to wait.
    package mutating func failed(
        at now: Uptime, base: Duration, most: Duration, using chance: inout some RandomNumberGenerator
    ) -> Duration {
        let doublings = min(attempts, 40)
        attempts += 1
        var bound = base
        for _ in 0..<doublings where bound < most { bound *= 2 }
        bound = min(bound, most)
        let least = min(base / 10, bound)
        let span = nanoseconds(bound) - nanoseconds(least)
        let wait = least + .nanoseconds(Int64.random(in: 0...max(0, span), using: &chance))
        notBefore = now + wait
        return wait
    }

    package mutating func succeeded() { self = Backoff() }

    private func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}

/// A small generator (SplitMix64), seeded from the one handed in for each input.
struct Chance: RandomNumberGenerator, Hashable, Sendable {
    var state: UInt64 = 0

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
