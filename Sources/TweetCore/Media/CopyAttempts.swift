// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How far a blob is on its way to one Blossom server.
///
/// What may pass is tried again and again, ever later, as the blob is here and the server may come back; what the server
/// does not want is given up until somebody asks for it again. Times are **milliseconds** since 1970.
public struct CopyAttempts: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable {
        case pending, stored, failed
    }

    public private(set) var state = State.pending
    /// Attempts that failed since it was asked for.
    public private(set) var attempts = 0
    /// When the next attempt is due, while it is pending.
    public private(set) var notBefore: Int64
    /// Where it is, once it is.
    public private(set) var url: String?
    /// Of the last attempt.
    public private(set) var failure: BlossomUpload.Failure?

    public init(at now: Int64) { notBefore = now }

    /// As it was kept.
    public init(_ state: State, attempts: Int, notBefore: Int64, url: String?) {
        self.state = state
        self.attempts = attempts
        self.notBefore = notBefore
        self.url = url
    }

    public func isDue(at now: Int64) -> Bool { state == .pending && notBefore <= now }

    public mutating func stored(at url: String) {
        (state, failure, self.url) = (.stored, nil, url)
    }

    public mutating func failed(_ failure: BlossomUpload.Failure, at now: Int64, _ limits: MediaLimits) {
        self.failure = failure
        attempts += 1
        if failure.isTransient && attempts < limits.maxCopyAttempts {
            notBefore = now + limits.wait(after: attempts)
        } else {
            state = .failed
        }
    }

    /// Begins anew: somebody asked for it again, or the server has lost it.
    public mutating func retry(at now: Int64) { (state, attempts, notBefore) = (.pending, 0, now) }
}
