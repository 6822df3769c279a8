// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import RelayTransport

/// Hears what the server does, to count it. Every method may be called on any event loop or reader thread and must be
/// quick; each does nothing unless it is implemented.
public protocol RelayServerObserver: Sendable {
    func connectionOpened()
    func connectionClosed(_ reason: CloseReason)
    /// A client's message, of `bytes` bytes.
    func received(_ verb: ClientVerb, bytes: Int)
    /// Messages to a client, all of one kind, of `bytes` bytes together.
    func sent(_ verb: RelayVerb, count: Int, bytes: Int)
    /// An item of the commit feed reached its `receivers` sockets, `latency` after it happened.
    func fannedOut(latency: Duration, receivers: Int)
    /// A request's stored events were read to the end; `latency` from its arrival to its `EOSE`.
    func queryAnswered(latency: Duration, events: Int)
    /// The same, of one that took long: what it asked for, and what it cost in index entries and records read.
    func queryWasSlow(latency: Duration, work: Int, events: Int, filters: [Filter])
    /// A count was answered.
    func countAnswered(latency: Duration)
    /// Ephemeral events found no room: in what one subscription may hold, or, before anybody was asked whether they want
    /// them, in what may wait for one event loop.
    func ephemeralLost(_ count: Int)
    /// Somebody asked for too much.
    func rateLimited(_ thing: RatedThing)
    /// Whoever is asked about requests answered.
    func readJudged(_ answer: ReadAnswer)
    /// So many subscriptions fell behind what happens and read on from the feed.
    func fellBehind(_ count: Int)
    /// A message of a reconciliation was answered: the **bytes** of both, before hexadecimal.
    func reconciled(received: Int, sent: Int)
    /// A reconciliation was refused, or ended by the relay.
    func reconciliationRefused(_ reason: NegentropyRefusal)
}

extension RelayServerObserver {
    public func connectionOpened() {}
    public func connectionClosed(_ reason: CloseReason) {}
    public func received(_ verb: ClientVerb, bytes: Int) {}
    public func sent(_ verb: RelayVerb, count: Int, bytes: Int) {}
    public func fannedOut(latency: Duration, receivers: Int) {}
    public func queryAnswered(latency: Duration, events: Int) {}
    public func queryWasSlow(latency: Duration, work: Int, events: Int, filters: [Filter]) {}
    public func countAnswered(latency: Duration) {}
    public func ephemeralLost(_ count: Int) {}
    public func rateLimited(_ thing: RatedThing) {}
    public func readJudged(_ answer: ReadAnswer) {}
    public func fellBehind(_ count: Int) {}
    public func reconciled(received: Int, sent: Int) {}
    public func reconciliationRefused(_ reason: NegentropyRefusal) {}
}

/// Counts nothing.
public struct SilentRelayServerObserver: RelayServerObserver {
    public init() {}
}

/// What a client may say, as a label.
public enum ClientVerb: String, Sendable, CaseIterable {
    case event = "EVENT"
    case request = "REQ"
    case count = "COUNT"
    case close = "CLOSE"
    case authenticate = "AUTH"
    case negentropy = "NEG"
    case unusable = "unusable"
}

/// What became of a request that somebody was asked about, as a label.
public enum ReadAnswer: String, Sendable, CaseIterable {
    case allowed, narrowed, refused
}

/// What the relay may say, as a label.
public enum RelayVerb: String, Sendable, CaseIterable {
    case event = "EVENT"
    case ok = "OK"
    case endOfStoredEvents = "EOSE"
    case closed = "CLOSED"
    case notice = "NOTICE"
    case count = "COUNT"
    case auth = "AUTH"
    case negentropy = "NEG"
}
