// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Something that happened, for the log and the metrics. The planner itself does neither.
public enum SyncFact: Hashable, Sendable {
    case tracking(RelayURL, isBootstrap: Bool)
    case forgot(RelayURL)
    /// A relay was named that will not be followed.
    case notTracked(RelayURL, NotTracked)
    case dialling(RelayURL)
    case connected(RelayURL)
    /// With what is known of it beyond its class.
    case dialFailed(RelayURL, DialFailure, retryIn: Duration, detail: String? = nil)
    case disconnected(RelayURL, LinkEnd, retryIn: Duration)
    case status(RelayURL, RelayStatus)
    case batchOpened(RelayURL, BatchID, items: Int)
    /// So many items of a batch that was just opened had failed before.
    case retried(RelayURL, BatchID, items: Int)
    /// A page of history was read to its end.
    case pageRead(RelayURL)
    /// A page was broken off by how it was asked, and is asked for again.
    case pageRetried(RelayURL)
    /// A filter was reconciled (NIP-77), in so many messages of the relay: so many ids were found that we lack.
    case reconciled(RelayURL, rounds: Int, needed: Int)
    /// A filter is read page by page though it was to be reconciled.
    case pagedInstead(RelayURL, PagedReason)
    /// What was learnt of whether a relay reconciles.
    case negentropy(RelayURL, NegentropySupport)
    case batchConfirmed(RelayURL, BatchID, items: Int, pages: Int, took: Duration)
    case batchFailed(RelayURL, BatchID, BatchFailure, retryIn: Duration)
    /// Newly stored events of one relay.
    case stored(RelayURL, SyncSource, count: Int)
    /// Events that were judged and not stored.
    case notStored(RelayURL, known: Int, held: Int, refused: Int, forged: Int, failed: Int)
    /// Events that match nothing that was asked.
    case unasked(RelayURL, count: Int)
    /// An event was too long to be read, and was passed over.
    case skipped(RelayURL, SkippedEvent)
    case notice(RelayURL, String)
    /// How long a subscription waited for its EOSE.
    case answered(RelayURL, after: Duration)
    case information(RelayURL, UpstreamInformation)
    /// The relay asked us to slow down.
    case rateLimited(RelayURL, pause: Duration)
    case authenticated(RelayURL)
    case authRefused(RelayURL, String)
    case health(RelayURL, RelayHealth)
    case auditStarted(RelayURL, items: Int)
    case auditCompleted(RelayURL, took: Duration)
    /// Whether its limits leave no room to follow it live, so that it is asked again and again.
    case readInRounds(RelayURL, Bool)
    /// It sent too much of what no honest relay sends, and is left alone for a long while.
    case misbehaved(RelayURL)
    case closed(RelayURL, SubscriptionID, String)
    case following(repositories: Int, roots: Int)
    /// Something went over a limit and is not followed.
    case overLimit(OverLimit)
    /// Everything wanted of this relay is here; not told as long as nothing is followed.
    case historyComplete(RelayURL)

    public enum NotTracked: String, Hashable, Sendable, CaseIterable {
        case ourselves
        case tooMany = "too-many"
        case tooManyOfOneOwner = "too-many-of-one-owner"
    }
    public enum OverLimit: String, Hashable, Sendable, CaseIterable {
        case relays, roots, comments, authors, references, repositories
        /// An announcement names more than are asked.
        case relaysOfAnnouncement = "relays-of-announcement"
    }
}

/// Why a filter was read page by page though it was to be reconciled.
public enum PagedReason: String, Hashable, Sendable, CaseIterable {
    /// The relay does not know negentropy, or says that it is switched off.
    case unsupported
    /// No answer in time.
    case silent
    /// It refused this filter.
    case refused
    /// There is too much of it for the relay; or here.
    case tooMany = "too-many"
    /// More was missing than is fetched by id.
    case tooMuchNeeded = "too-much-needed"
    /// What it said made no sense.
    case malformed
    /// There was no end of messages.
    case endless
    /// It lists what it does not serve.
    case notServed = "not-served"
    /// Messages to it may not be long enough.
    case noRoom = "no-room"
}

/// Which flow brought an event.
public enum SyncSource: String, Hashable, Sendable, CaseIterable {
    case live, startup, reconnect, daily
}

/// Why a batch did not confirm.
public enum BatchFailure: String, Hashable, Sendable, CaseIterable {
    case closed, timeout, disconnected
    /// The relay wants us to slow down, or to authenticate.
    case postponed
    /// The relay wants somebody else, or nobody.
    case restricted
    /// The live subscriptions could not be opened.
    case notLive = "not-live"
    /// One second holds more events than the relay lets be asked for.
    case unreadableSecond = "unreadable-second"
    /// An event was passed over of which not even the time could be made out, so what is older may be missing.
    case unreadableEvent = "unreadable-event"
    /// More pages than any honest history has.
    case endless
    /// A page of many more events than were asked for.
    case overfull
    /// The one door could not take its events.
    case notJudged = "not-judged"

    /// Whether the relay did not give what it was asked for.
    var isRefusal: Bool {
        switch self {
        case .closed, .timeout, .restricted, .notLive: true
        case .disconnected, .postponed, .unreadableSecond, .unreadableEvent, .endless, .overfull, .notJudged:
            false
        }
    }
}

/// How a relay stands.
public enum RelayStatus: String, Hashable, Sendable, CaseIterable {
    /// May become connecting.
    case disconnected
    /// May become syncing or disconnected; connectedWithHistoryGaps, when everything wanted failed before and waits.
    case connecting
    /// May become connected, connectedWithHistoryGaps or disconnected.
    case syncing
    /// Nothing is missing. May become any of syncing, connectedWithHistoryGaps, disconnected.
    case connected
    /// Nothing is in flight, and something failed and will be asked again. May become syncing, connected (when what
    /// failed is no longer wanted) or disconnected.
    case connectedWithHistoryGaps
}
