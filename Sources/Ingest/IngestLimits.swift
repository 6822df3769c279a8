// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Every bound of the one door.
public struct IngestLimits: Hashable, Sendable {
    /// Events that are inside the door at one time, from submission to verdict.
    public var queuedEvents = 32_768
    /// **Bytes** of those events, in every spelling that is kept of them.
    public var queuedBytes = 64 << 20
    /// Side rows that are inside the door at one time.
    public var queuedRows = 65_536
    /// How much of each of these the sources that nobody waits for may fill: upstreams, imports,
    /// the bridge.
    public var bulkShare = 0.75
    /// Events inside the door that somebody may be asked about.
    public var consultedEvents = 16_384
    /// **Bytes** of those events.
    public var consultedBytes = 32 << 20
    /// Events of one submission.
    public var submissionEvents = 10_000
    /// Side rows of one submission.
    public var submissionRows = 10_000
    /// Threads that check signatures; `nil` for one a core.
    public var verifierThreads: Int?
    /// Events a verifier takes at a time.
    public var verifierEvents = 64
    /// Events of one transaction; a submission is never split over two unless it failed.
    public var batchEvents = 4_096
    /// **Bytes** of events of one transaction.
    public var batchBytes = 16 << 20
    /// **Milliseconds** that the writer waits for a batch to grow while only bulk sources are waiting.
    public var bulkLingerMilliseconds = 60
    /// Transactions that are tried to find the culprit when a batch failed.
    public var faultRetries = 24
    /// **Milliseconds** between two probes of a store that fails.
    public var probeMilliseconds = 1_000
    /// **Bytes** that a store that was full must have room for to be sound again.
    public var probeBytes = 32_768
    /// **Seconds** between two sweeps of expired events (NIP-40).
    public var expirySweepSeconds: Int64 = 5
    /// Expired events that one sweep's transaction removes.
    public var expirySweepEvents = 1_000
    /// Events that one step removes of those who asked to vanish (NIP-62).
    public var vanishSweepEvents = 500
    /// Events that one step removes of what the operator has banned.
    public var clearingEvents = 500
    /// Rows that one step reads to fill a table that follows from others, at least; where more events than half of it
    /// are written at a time, twice as many as these.
    public var buildRows = 1_000
    /// Verified signatures that are remembered, so that an event that was refused or held costs one check.
    public var verifiedSignatures = 32_768
    /// Ids of ephemeral events that are remembered.
    public var ephemeralIDs = 16_384
    /// **Bytes** of announcements of which the maintainers are kept in memory.
    public var cachedAnnouncementBytes = 64 << 20
    /// The area for events whose referents may still come.
    public var holding = HoldingLimits()

    public init() {}
}

/// Every bound of the holding area. What falls out of it is not lost: it can be asked for again.
public struct HoldingLimits: Hashable, Sendable {
    public var events = 10_000
    /// **Bytes** of JSON and of the places in the area's indexes.
    public var bytes = 16 << 20
    /// Events of one author; beyond it the author's oldest goes.
    public var eventsPerAuthor = 1_000
    /// **Seconds** that an event waits.
    public var seconds: Int64 = 1_800

    public init() {}
}
