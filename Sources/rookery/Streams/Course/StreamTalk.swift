// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore

/// What one open conversation of a stream is at; all of it ends with the conversation.
struct StreamTalk: Sendable {
    let openedAt: Uptime
    let openedAtWall: Timestamp
    var live: Live
    /// How often the relay ended the live subscription.
    var liveLosses = 0
    /// Whether it takes no subscription without stored events.
    var wantsStored = false
    var filling = Filling.due(.zero)
    var failedFillings = 0
    /// Whether another one is due when this one is over.
    var isDueAgain = false
    /// Whether a back-fill came to its end.
    var isFilled = false
    /// Whether something could not be found out, or did not come.
    var hasGaps = false
    var authentication = Authentication.idle
    var outbox: StreamOutbox
    /// What the relay has taken.
    var taken: RecentIDs
    /// What came of it live: a back-fill need not fetch it.
    var came: RecentIDs
    var refusals = 0
    /// Up to where our feed was read.
    var feed: CommitSequence
    /// Up to where the relay has answered for everything.
    var safe: CommitSequence
    /// Whether our feed is read from where the relay answered last.
    var isResumed = false
    var hasNews = false
    /// Nothing of the feed is read before.
    var followAt = Uptime.zero
    var isFollowing = false
    /// **Bytes** of events that our own door has not judged, by part.
    var unjudged: [StreamCourse.Part: Int] = [:]
    var isPaused = false
    /// When reading went on, or a key was wanted: what was owed before has its time anew.
    var freshAt = Uptime.zero
    /// What was not asked for.
    var strays = 0
    /// Nothing is asked or sent until then.
    var rest: Uptime?
    /// Rests in a row.
    var rests = 0
    /// Once they are known; nothing is sent before.
    var manners: StreamCourse.Manners?
    /// Why it has to end.
    var failure: String?

    /// The live subscription.
    enum Live: Hashable, Sendable {
        /// Nothing is taken from there.
        case unwanted
        /// → `asked`
        case due(Uptime)
        /// → `open`, `due`
        case asked(Uptime)
        /// → `due`
        case open
    }

    enum Filling: Sendable {
        /// → `preparing`
        case due(Uptime)
        /// → `running`, `due`
        case preparing
        /// → `resting`, `due`
        case running(SyncCourse)
        /// Over since then. → `due`
        case resting(Uptime)
    }

    init(_ terms: StreamTerms, at now: Uptime, wall: Timestamp, feed: CommitSequence) {
        (openedAt, openedAtWall, freshAt) = (now, wall, now)
        (self.feed, safe) = (feed, feed)
        live = terms.direction.takes ? .due(now) : .unwanted
        outbox = StreamOutbox(terms.limits)
        taken = RecentIDs(capacity: terms.limits.settled)
        came = RecentIDs(capacity: terms.limits.settled)
    }

    /// Whether nothing that is new there can be missed.
    var isLiveOpen: Bool { live == .open || live == .unwanted }

    var unjudgedBytes: Int { unjudged.values.reduce(0, +) }
}
