// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// When a request is made again by the client itself. What waits longer is for the planner.
///
/// Waits are in **milliseconds**.
public struct RequestRetries: Hashable, Sendable {
    /// Requests for one question, the first included.
    public var attemptsMax = 5
    public var first: Int64 = 1_000
    public var most: Int64 = 60_000
    /// Of what is left to chance: a part of the wait, up or down.
    public var jitter = 0.1
    /// From the first request to the beginning of the last.
    public var elapsedMost: Int64 = 300_000
    /// A wait that X asks for is waited here if it is no longer.
    public var patience: Int64 = 10_000
    /// No moment that X names is believed to be further away.
    public static let hintMost: Int64 = 1_800_000

    public init() {}

    /// How long to wait before the next request; `nil`: give up.
    ///
    /// - Parameters:
    ///   - hint: what X asks for (`retry-after`).
    ///   - attempts: how many were made, one at least.
    public func wait(
        after failure: XFailure, hint: Int64? = nil, attempts: Int, elapsed: Int64, at now: Int64,
        using chance: inout some RandomNumberGenerator
    ) -> Int64? {
        guard attempts < attemptsMax else { return nil }
        let wait: Int64
        switch failure {
        case .transient:
            var plain = first
            for _ in 1..<attempts where plain < most { plain *= 2 }
            let factor = Double.random(in: (1 - jitter)...(1 + jitter), using: &chance)
            wait = max(Int64(Double(min(plain, most)) * factor), min(hint ?? 0, Self.hintMost))
        case .limited(let until?):
            wait = max(0, until - now) + Int64.random(in: 0...999, using: &chance)
            guard wait <= patience else { return nil }
        case .limited, .usageCapped, .outOfCredits, .unauthorized, .forbidden, .staleSince, .absent, .invalid,
            .overBudget:
            return nil
        }
        return elapsed + wait <= elapsedMost ? wait : nil
    }
}
