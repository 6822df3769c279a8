// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What to do about something that failed.
public enum RetryClass: Hashable, Sendable, Codable {
    /// The network, a server's error: again soon, then ever less often.
    case transient
    /// Asked too often: again when the limit ends. **Milliseconds** since 1970.
    case limited(until: Int64)
    /// No money or no allowance: again when there may be some, and it is not the job's fault.
    case paused(until: Int64?)
    /// Never again.
    case permanent
}

/// When a failed job is tried again (**milliseconds** throughout).
public struct JobRetries: Hashable, Sendable, Codable {
    public var first: Int64 = 1_000
    /// The most between two tries at the beginning.
    public var most: Int64 = 60_000
    /// How long the beginning is.
    public var eager: Int64 = 300_000
    /// The most between two tries after it.
    public var mostLater: Int64 = 3_600_000
    /// Tries, after which a job is dead.
    public var attempts = 24
    /// Beyond the end of a limit.
    public var margin: Int64 = 5_000
    /// What a pause without an end lasts.
    public var pause: Int64 = 3_600_000

    public init() {}

    /// As ``JobRetries/init()``, with so many tries.
    public init(attempts: Int) { self.attempts = attempts }

    /// How long to wait after the `failures`th failure in a row, the first of them `since` ago: a half of it is chance.
    public func wait(
        after failures: Int, since: Int64, using chance: inout some RandomNumberGenerator
    ) -> Int64 {
        let cap = since < eager ? most : mostLater
        let full = min(cap, first << Int64(min(max(0, failures - 1), 32)))
        return full - Int64.random(in: 0...(full / 2), using: &chance)
    }
}
