// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Every bound of the engine's shell; the planner's are `SyncLimits`.
public struct SyncEngineLimits: Hashable, Sendable {
    /// **Bytes** of one upstream's messages that wait for the planner before its socket is no longer read; a message
    /// counts as ``messageOverhead`` more than it is long.
    public var mailboxBytesPerLink = 1 << 20
    /// The same of all upstreams together: beyond it those with the most waiting are no longer read.
    public var mailboxBytesInTotal = 32 << 20
    /// Commits read from the feed at a time.
    public var commitsPerPage = 64
    /// Events read from our own store at a time.
    public var eventsPerPage = 500
    /// **Bytes** of events read from our own store at a time.
    public var bytesPerPage = 4 << 20
    /// Events of one filter that can be reconciled; more are read page by page.
    public var itemsPerSet = 500_000
    /// Events of such a filter found at a time.
    public var itemsPerSetPage = 20_000
    /// **Bytes** of all of them together, beyond which no further one is gathered before another has ended; so there may be
    /// one more.
    public var setBytesInTotal = 64 << 20
    /// **Bytes** of those for one relay, beyond which others' are gathered first.
    public var setBytesPerRelay = 16 << 20
    /// Rows of a side table read at a time.
    public var rowsPerPage = 4096
    /// Rows of a side table written in one submission; the door's own bound is `IngestLimits.submissionRows`.
    public var rowsPerWrite = 2048
    /// Rows that wait for the door before those of one key are made one: the newest. So, however long the store is
    /// away, about twice as many wait as there are keys, or this many.
    public var rowsWaitingMin = 1 << 18
    /// Threads that read our own store for the planner.
    public var readerThreads = 1
    /// How long to wait before our own store is read again after it failed.
    public var storeRetry = Duration.seconds(1)
    /// How often at most the log says that one limit was passed.
    public var sameLineInterval = Duration.seconds(60)
    /// How often at most the observer is shown how everything stands: as often as takes a fiftieth of the time, but
    /// within this range.
    public var snapshotInterval: ClosedRange<Duration> = .milliseconds(100) ... .seconds(1)

    /// **Bytes** that a parsed message takes besides its text, in a list that may have grown to twice its need.
    static let messageOverhead = 768
    /// **Bytes**, overhead included, after which what was read is reported, even in the middle of a read: so the
    /// bounds of the mailbox hold within a read, too.
    static let bytesPerReport = 256 << 10
    /// **Bytes** of a message that may be passed over when it is too long to be read; a longer one ends the link.
    static let skippedLengthMax = 64 << 20
    /// **Bytes** that an upstream's message may be longer than the event in it.
    static let envelopeLength = 512
    /// **Bytes** of a challenge that is signed (NIP-42).
    public static let challengeLengthMax = 1024
    /// Numbers taken from `supported_nips`.
    static let nipsMax = 256
    /// **Scalars** of the name of an upstream's software.
    static let softwareNameMax = 80
    /// The highest number taken from an information document; a higher one counts as not said.
    static let advertisedMax = 1 << 40

    public init() {}
}
