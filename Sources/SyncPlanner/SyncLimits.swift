// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RepositoryRules

/// Every bound of the planner. What goes over one is counted, never silently lost.
public struct SyncLimits: Hashable, Sendable {
    /// How long a relay that wants to know who we are before it serves anything is waited for to say what to sign.
    public var challengePatience: Duration = .seconds(3)
    /// Relays known at once; bootstrap relays come first.
    public var relaysMax = 2000
    /// Relays taken from one announcement, its clone URLs included.
    public var relaysPerAnnouncementMax = 20
    /// Root events remembered of one repository.
    public var rootsPerRepositoryMax = 20_000
    /// Root events remembered of all repositories.
    public var rootsMax = 200_000
    /// Comments of one repository whose replies are asked for by themselves; and of all repositories.
    public var commentsPerRepositoryMax = 2000
    public var commentsMax = 50_000
    /// How far replies that name nothing but the one they answer are followed.
    public var commentDepthMax = 8
    /// Which part of all roots, comments and references the repositories of one owner may take: one in so many.
    public var ownerShare = 4
    /// Repositories followed of one owner, and of all.
    public var repositoriesPerOwnerMax = 1000
    public var repositoriesMax = 25_000
    /// Repositories that an operator is shown.
    public var repositoriesShown = 20
    /// Repositories of one name that are all asked for again when anybody new may act for one of them.
    public var repositoriesAskedAgainMax = 64
    /// Relays that one owner's announcements may make us dial for the first time in a day.
    public var newRelaysPerOwnerAndDay = 50
    /// Owners whose new relays of the day are remembered over a restart: those that have spent most.
    public var spendersKept = 1000
    /// People whose deletions are asked for, of one repository.
    public var authorsPerRepositoryMax = 2000
    /// Repositories that one root event may count for.
    public var repositoriesPerRootMax = 16
    /// Batches in flight with one relay, each of one history subscription.
    public var batchesPerRelayMax = 4
    /// Events of one relay that wait for their verdict before its socket is no longer read.
    public var unjudgedPerRelayMax = 2000
    /// **Bytes** of those events.
    public var unjudgedBytesPerRelayMax = 4 << 20
    /// The same for all relays together: what the one door takes from upstreams, with room to spare.
    public var unjudgedMax = 12_000
    public var unjudgedBytesMax = 24 << 20
    /// Events handed to the one door together.
    public var eventsPerSubmissionMax = 500
    /// Items that are read in one round; where there are more, rounds come more seldom in proportion, but for so much
    /// at most.
    public var itemsPerRound = 2000
    public var roundStretchMax = 12.0
    /// Daily audits at one time.
    public var auditsMax = 4
    /// What a relay may send in ten minutes of one link that no honest one sends: events that were not asked for or
    /// are forged, challenges without end, what is no message.
    public var offencesMax = 1000
    /// **Bytes** of events that were passed over, as they are too long to be read, that count for one of these: where
    /// nobody asked for them, and where somebody did. Few honest relays have eight gibibytes to send in ten minutes.
    public var skippedBytesPerOffence = 1 << 20
    public var askedBytesPerOffence = 8 << 20
    /// Messages for a subscription that we ended that may come after all before they count as not asked for.
    public var lateAllowance = 1000
    /// An answer ends after so many times the time that a relay may be silent, however much of it comes.
    public var longestAnswer = 10
    /// About how many groups failed items are asked in, at the most, however often they failed.
    public var smallGroupsMax = 64
    /// How many of these one forged event counts for.
    public var forgedWeight = 20
    /// Failures of name, certificate or protocol in a row that make a relay misbehaving.
    public var misconductMax = 3
    /// Pages of one history before it counts as endless.
    public var pagesPerBatchMax = 10_000
    /// How far references of references are followed (L4).
    public var referenceDepthMax = 3
    /// References remembered as asked; beyond it no more are chased.
    public var referencesMax = 50_000
    /// References taken from one event.
    public var referencesPerEventMax = 100
    /// Bytes of an identifier; a repository with a longer one is not followed.
    public var identifierLengthMax = RepositoryLimits.identifierBytes
    /// Filters of one batch that are reconciled at one time.
    public var reconciledPerBatchMax = 4
    /// Ids that one filter may lack to be fetched by id, and all filters together; what lacks more is read page by page.
    public var neededPerFilterMax = 100_000
    public var neededMax = 500_000
    /// Events here below which a filter is read page by page, as that costs less: of what was complete once and is read from
    /// the beginning, of what is read from a cursor, and of what never was complete.
    public var leastReconciledAgain = 4
    public var leastReconciledSince = 16
    public var leastReconciledFirst = 32
    /// Filters of one relay that are read page by page for a while, as reconciling them went wrong.
    public var pagedFiltersMax = 256
    /// Reconciliations in a row that go wrong on one link before its relay counts as one that cannot.
    public var reconciliationLossesMax = 3
    /// Fewer events than this, all of them of one second and known, are all of that second: no relay caps its
    /// answers so low.
    public var smallestCap = 10
    /// Relays dialled at the same time, those left out that have taken ``SyncConfiguration/slowDialAfter`` already.
    public var dialsMax = 64
    /// Dials besides that take long: whoever says nothing until the time-out must not keep the others waiting.
    public var slowDialsMax = 512
    /// Values of one condition (`#a`, `#e`, `#d`, `authors`).
    public var valuesPerFilter = 100
    /// Ids of one L4 filter.
    public var idsPerFilter = 300
    /// Roots or addresses in one question to our own store.
    public var valuesPerStoreQuestion = 100
    /// Questions to our own store that are unanswered at once.
    public var storeQuestionsMax = 4

    public init() {}
}
