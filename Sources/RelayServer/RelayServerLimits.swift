// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the server holds and spends at once, over all connections.
public struct RelayServerLimits: Hashable, Sendable {
    /// Threads that read the store.
    public var readerThreads = 2
    /// Readings that wait for a thread; those beyond are answered `error:` at once. One connection has at most one.
    public var waitingReads = 20_000
    /// A client's message of more **bytes** than this is read away from the event loop.
    public var parsedAtOnce = 65_536
    /// Such messages that wait for it; those beyond are read on the event loop. One connection has at most one.
    public var waitingParses = 32
    /// Of long requests so many values are filed for live events before an event loop does something else.
    public var valuesFiledAtOnce = 2_048
    /// **Microseconds** until an event loop goes on with what it put off: sockets have their turn.
    public var turnRestMicroseconds: Int64 = 500
    /// Events in one page of a stored scan.
    public var pageEvents = 500
    /// **Bytes** of events after which a page ends. With what is put around them they fit into 128 KiB.
    public var pageBytes = 114_688
    /// How long one page may read before others get their turn, in **milliseconds**.
    public var pageMilliseconds: Int64 = 10
    /// What an event loop reads itself.
    public var shortReads = ShortReadLimits()
    /// How long one count may read in all, in **milliseconds**.
    public var countMilliseconds: Int64 = 5_000
    /// Events of one set that is reconciled (NIP-77); of more, it is refused.
    public var reconciledEvents = 1_000_000
    /// **Bytes** of all such sets together; a set that does not fit in is refused for now.
    public var setBytes = 268_435_456
    /// One address may have this part of it: a half, a third, …
    public var setShares = 4
    /// **Bytes** of one of our messages about such a set; half as many as a client's message may have characters, if that is less.
    public var negentropyFrameBytes = 500_000
    /// A request whose stored events take longer is told of as slow, in **milliseconds**.
    public var slowQueryMilliseconds: Int64 = 250
    /// Commits read at once for a subscription that is behind.
    public var catchUpCommits = 256
    /// **Bytes** of events read at once for a subscription that is behind; what matches is sent a page at a time.
    public var catchUpBytes = 1_048_576
    /// How long live events may be handed out before an event loop does something else, in **milliseconds**.
    public var fanOutMilliseconds: Int64 = 100
    /// After a turn of handing out that took a millisecond or more, the next begins after so many times as long: what
    /// happens meanwhile goes out together, in one write to each socket.
    public var fanOutRest = 2
    /// It begins no later than this, in **milliseconds**.
    public var fanOutRestMilliseconds: Int64 = 20
    /// Feed items that wait for one event loop; beyond it its subscriptions read from the feed themselves.
    public var waitingFeedItems = 16_384
    /// **Bytes** of events that wait for one event loop, likewise.
    public var waitingFeedBytes = 67_108_864
    /// Events handed to the one door at once by one connection.
    public var eventsPerBatch = 256
    /// What the management interface takes and tells.
    public var management = ManagementLimits()
    /// What the status page tells, and how often.
    public var status = StatusLimits()
    /// How long a graceful stop may take, in **milliseconds**.
    public var shutdownMilliseconds: Int64 = 4_000

    public init() {}
}

extension RelayServerLimits {
    /// How long nothing is handed out after a turn that took so long.
    func fanOutRest(after turn: Duration) -> Duration {
        guard turn >= .milliseconds(1) else { return .zero }
        return min(turn * fanOutRest, .milliseconds(fanOutRestMilliseconds))
    }
}
