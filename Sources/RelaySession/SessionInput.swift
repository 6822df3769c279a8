// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What happens to a conversation.
public enum SessionInput: Sendable {
    /// The client has come.
    case opened
    /// A message of the client, of `size` **bytes**, that came at `at`.
    case message(ClientMessage, size: Int, at: Uptime)
    /// A message that cannot be served as it is; `isHasty` when it came too soon, besides.
    case unusable(ClientMessageError, isHasty: Bool = false, size: Int, at: Uptime)
    /// A message of a client that asked for too much; it may try again after `wait`.
    case limited(ClientMessage, wait: Duration, size: Int, at: Uptime)
    /// The one door's verdict on an event, as the fields of its `OK`, given at `at`.
    case judged(EventTicket, accepted: Bool, message: String, at: Uptime = .zero)
    /// What came of ``SessionAction/authenticate(_:challenge:arrived:)``: `refusal` is `nil` when the client is who it says.
    case authenticated(Event, refusal: String?, at: Uptime)
    /// What came of ``SessionAction/ask(_:_:)``: the request may be served, `instead` in place of what it asks for; with none of that
    /// it ends with nothing.
    case permitted(ScanNumber, instead: [Filter]? = nil)
    /// It may not, for a reason that begins with a word of NIP-01.
    case forbidden(ScanNumber, reason: String)
    /// A page of a stored scan was read; it is sent only when ``SessionAction/sendPage(_:)`` says so.
    case pageRead(ScanNumber, PageReport)
    /// A count has had its turn and is not at its end; another ``SessionAction/count(_:_:arrived:)`` goes on.
    case counting(ScanNumber)
    /// A count came to its end; `nil` when it could not.
    case counted(ScanNumber, CountAnswer?)
    /// A piece of the commit feed was read for a subscription that is behind.
    case caughtUp(ScanNumber, CatchUpReport)
    /// A page of a reconciliation's set was read.
    case gathered(ScanNumber, GatherReport)
    /// A message of a reconciliation was looked at.
    case reconciled(ScanNumber, ReconciliationReport, at: Uptime)
    /// It is later than ``RelaySession/nextDeadline``.
    case timePassed(at: Uptime)
    /// The queue towards the client fell below its low-water mark (`true`) or passed its high-water mark.
    case writability(Bool)
}

/// Which event of the conversation an `OK` belongs to: they count up from 0.
public struct EventTicket: Hashable, Sendable {
    public let number: UInt64

    public init(number: UInt64) { self.number = number }
}

/// Which reading of the store a report belongs to; never used twice on one connection.
public struct ScanNumber: Hashable, Sendable {
    public let number: UInt64

    public init(number: UInt64) { self.number = number }
}

/// A place in the commit feed: what has happened up to there.
public struct FeedPosition: Hashable, Sendable, Comparable {
    /// All of this commit and of those before it.
    public let commit: UInt64
    /// Of the commit after it the events that the store numbers up to this; 0 for none.
    public let event: UInt64

    public init(commit: UInt64, event: UInt64 = 0) {
        self.commit = commit
        self.event = event
    }

    /// Right after the event that `commit` stored under a number.
    public static func after(event: UInt64, of commit: UInt64) -> FeedPosition {
        FeedPosition(commit: commit &- 1, event: event)
    }

    public static func < (a: FeedPosition, b: FeedPosition) -> Bool {
        (a.commit, a.event) < (b.commit, b.event)
    }
}

/// How a page of a stored scan ended.
public enum PageReport: Hashable, Sendable {
    /// More may come. `snapshot` is the last commit that the scan's first page saw.
    case more(snapshot: FeedPosition)
    /// `isComplete`: nothing that matches was left out, neither by a limit nor otherwise.
    case finished(snapshot: FeedPosition, isComplete: Bool = false)
    /// The store could not be read.
    case failed(ReadFailure)
}

/// How the reading of missed live events ended. The report carries the matching ones, oldest first.
public enum CatchUpReport: Sendable {
    /// Read up to `upTo`, maybe inside a commit; `isComplete` when that was all of the newest one.
    case read([LiveEvent], upTo: FeedPosition, isComplete: Bool)
    /// The feed no longer reaches back that far.
    case beyondHorizon
    case failed(ReadFailure)
}

/// Why nothing could be read.
public enum ReadFailure: Hashable, Sendable {
    /// The store failed.
    case fault
    /// Too many readings wait already.
    case busy
    /// What was asked for has to be indexed first.
    case unready
    /// The set of a reconciliation can no longer be told.
    case changed
}

/// An event that happened now and matches a live subscription.
public struct LiveEvent: Hashable, Sendable {
    public var event: Event
    /// Right after it; for an ephemeral event the last commit before it.
    public var position: FeedPosition
    /// Whether the store never holds it.
    public var isEphemeral: Bool

    public init(_ event: Event, at position: FeedPosition, isEphemeral: Bool = false) {
        self.event = event
        self.position = position
        self.isEphemeral = isEphemeral
    }
}
