// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What one client conversation may hold at once, besides what ``RelayLimits`` advertises.
///
/// What is over a bound waits, and reading from the socket waits with it; live events over a bound are read from the
/// commit feed later. Refused are only a request beyond ``subscriptionBytes`` and whoever makes too many ``mistakes``.
public struct SessionLimits: Hashable, Sendable {
    /// Events submitted and not yet answered.
    public var eventsInFlight = 1_000
    /// Messages read from the socket that wait for earlier ones.
    public var waitingMessages = 1_000
    /// Their length in **bytes**. One message more than this may wait.
    public var waitingBytes = 1_048_576
    /// Stored scans that take turns; those of further requests begin when one of these ends.
    public var runningScans = 8
    /// Live events that one subscription holds back until its stored ones are sent.
    public var heldEvents = 1_000
    /// Filters of one request that search for words.
    public var searches = 8
    /// What held events take in **bytes**, over all subscriptions of a connection.
    public var heldBytes = 262_144
    /// The length in **bytes** of the requests whose subscriptions are open.
    public var subscriptionBytes = 8_388_608
    /// Reconciliations open at once (NIP-77); one more is refused.
    public var reconciliations = 32
    /// What their messages take in **bytes** that are not answered yet. One message more than this may wait.
    public var reconciliationBytes = 4_194_304
    /// A reconciliation whose client says nothing for so long is over.
    public var reconciliationPatience = Duration.seconds(120)
    /// Messages that make no sense before the client is shown the door, besides those that are forgotten by then.
    public var mistakes = 100
    /// So many messages that were refused because they came too soon count as one of them.
    public var refusalsPerMistake = 20
    /// So many events that are invalid count as one of them.
    public var falseEventsPerMistake = 2
    /// A message that came too soon counts once more for so many **bytes** of it.
    public var bytesPerRefusal = 65_536
    /// Keys that one client may show (NIP-42).
    public var authenticatedKeys = 16
    /// So many usable messages make up for one of them.
    public var messagesPerForgottenMistake = 10
    /// So many are forgotten with every **second**.
    public var mistakesForgottenPerSecond = 1.0

    public init() {}
}
