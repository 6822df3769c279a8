// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// When the activity stream is dialled, and when it counts as dead (X Activity API, reconnecting).
///
/// Moments and spans in **milliseconds**.
public struct StreamCourse: Hashable, Sendable {
    /// X says something every 20 seconds; after this silence the connection is dead.
    public static let silenceMax: Int64 = 30_000

    /// Why there is no connection.
    public enum Loss: Hashable, Sendable {
        /// The network, or an end without a word: 250 ms more each time, up to 16 s.
        case network
        /// A refusal: 5 s doubling, up to 320 s.
        case refused
        /// Too many (429): 60 s doubling, up to 16 minutes, and not before the moment that X names.
        case limited(until: Int64?)
    }

    private var network = 0
    private var refusals = 0
    private var limits = 0
    private var lastHeard: Int64?

    public init() {}

    /// A connection is being made.
    public mutating func dialled(at now: Int64) { lastHeard = now }

    /// Something came, be it a heartbeat: what went wrong before is over.
    public mutating func heard(at now: Int64) {
        lastHeard = now
        (network, refusals, limits) = (0, 0, 0)
    }

    /// When the connection is dead unless something comes.
    public var deadline: Int64? { lastHeard.map { $0 + Self.silenceMax } }

    /// The connection is gone, or there was none.
    ///
    /// - Returns: how long to wait before the next.
    public mutating func lost(_ loss: Loss, at now: Int64) -> Int64 {
        lastHeard = nil
        switch loss {
        case .network:
            network += 1
            return min(250 * Int64(network), 16_000)
        case .refused:
            refusals += 1
            return Self.doubled(5_000, refusals, most: 320_000)
        case .limited(let until):
            limits += 1
            let wait = Self.doubled(60_000, limits, most: 960_000)
            return max(wait, min((until ?? now) - now, RequestRetries.hintMost))
        }
    }

    private static func doubled(_ first: Int64, _ times: Int, most: Int64) -> Int64 {
        var wait = first
        for _ in 1..<max(times, 1) where wait < most { wait *= 2 }
        return min(wait, most)
    }
}
