// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How far the file of one medium is: waiting for its next attempt, here, or given up.
///
/// ```
///   pending ──attempt──▶ pending (one attempt more, later)
///      │  ▲                 │
///      │  └──retry── failed ◀──── the last attempt, or a failure that is final
///      └──▶ stored
/// ```
/// Times are **milliseconds** since 1970.
public struct MediaAttempts: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable {
        case pending, stored, failed
        /// Not wanted, or taken away by retention.
        case dropped
    }

    public private(set) var state = State.pending
    /// Attempts that failed since it was asked for, or asked for again.
    public private(set) var attempts = 0
    /// When the next attempt is due, while it is pending.
    public private(set) var notBefore: Int64
    public private(set) var lastAttempt: Int64?
    public private(set) var lastSuccess: Int64?
    /// Of the last attempt.
    public private(set) var failure: MediaFailure?

    public init(at now: Int64) { notBefore = now }

    /// As it was kept.
    public init(
        _ state: State, attempts: Int, notBefore: Int64, lastAttempt: Int64?, lastSuccess: Int64?
    ) {
        self.state = state
        self.attempts = attempts
        self.notBefore = notBefore
        self.lastAttempt = lastAttempt
        self.lastSuccess = lastSuccess
    }

    /// Whether an attempt is to be made.
    public func isDue(at now: Int64) -> Bool { state == .pending && notBefore <= now }

    /// The file is here.
    public mutating func succeeded(at now: Int64) {
        (state, failure, lastAttempt, lastSuccess) = (.stored, nil, now, now)
    }

    /// An attempt failed.
    public mutating func failed(_ failure: MediaFailure, at now: Int64, _ limits: MediaLimits) {
        guard state == .pending else { return }
        self.failure = failure
        lastAttempt = now
        if failure.counts { attempts += 1 }
        if failure.isFinal || attempts >= limits.maxAttempts {
            state = .failed
        } else {
            notBefore = now + limits.wait(after: max(1, attempts))
        }
    }

    /// Begins anew: somebody asked for it again, or the file was lost.
    public mutating func retry(at now: Int64) {
        (state, attempts, notBefore) = (.pending, 0, now)
    }
}
