// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Every bound of posting to further relays; each relay has its own of all of these.
public struct PostingLimits: Hashable, Sendable {
    /// Events taken from the outbox and not answered yet.
    public var inFlight = 64
    /// **Bytes** of them that are sent and not answered.
    public var inFlightBytes = 1 << 20
    /// Events a second, over time.
    public var eventsPerSecond = 5.0
    /// Events at once, after a silence.
    public var burst = 30
    /// How long an answer may take before the conversation is given up.
    public var answer: Duration = .seconds(30)
    /// How long a challenge may take once a relay wants one (NIP-42).
    public var challenge: Duration = .seconds(10)
    /// How long a conversation without work stays open.
    public var idle: Duration = .seconds(60)
    /// How long a conversation must hold before the next failure counts as the first again.
    public var settles: Duration = .seconds(60)
    /// Between two dials of a relay that fails, at first and at most; a half of it is chance.
    public var backoff: Duration = .seconds(5)
    public var backoffMost: Duration = .seconds(3_600)
    /// How long to rest when it is too much for a relay, at first and at most.
    public var rest: Duration = .seconds(2)
    public var restMost: Duration = .seconds(600)
    /// Before an event that failed is sent again, at first and at most: **milliseconds**; a half of it is chance.
    public var retry: Int64 = 5_000
    public var retryMost: Int64 = 3_600_000
    /// How often one event is sent before it is given up.
    public var attempts = 16
    /// **Milliseconds** after which an event that was taken from the outbox may be taken again.
    public var patience: Int64 = 600_000
    /// How long what a relay says about itself (NIP-11) holds.
    public var information: Duration = .seconds(86_400)
    /// Messages of a relay that wait to be looked at; then it is not read from.
    public var waitingMessages = 256

    public init() {}
}
