// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import RepositoryRules

/// What the planner is told.
public enum SyncInput: Hashable, Sendable {
    /// The first input: what an earlier run wrote down.
    case start(restored: [SyncRow])
    /// A stretch of the commit feed, or of the scan that comes before it.
    case followed(stored: [Event], removed: [RemovedEvent], through: CommitPosition)
    /// The feed was lost: announcements are scanned anew; ``caughtUp`` ends it.
    case rescanStarted
    /// The scan of stored announcements is complete.
    case caughtUp
    /// A part of the answer to ``SyncEffect/askStore(_:_:)``.
    case found(StoreQuestionID, [Event], isLast: Bool)
    /// The answer to ``SyncEffect/findAbsent(_:_:)``: those that the store lacks.
    case absent(StoreQuestionID, [Reference])
    /// Whether this process may dial the relay.
    case ownership(RelayURL, isOurs: Bool)
    case linkUp(LinkID)
    case dialFailed(LinkID, DialFailure, detail: String? = nil)
    case linkDown(LinkID, LinkEnd)
    /// What the relay sent, in order.
    case received(LinkID, [RelayMessage])
    /// What is here of a filter that is to be reconciled.
    case gathered(ReconciliationID, GatheredSet)
    /// One message of the relay was taken: ids that it has and we lack, each told once, and whether nothing more is to be said.
    case reconciled(ReconciliationID, need: [EventID], isDone: Bool)
    /// The relay's message made no sense, or there was no end of them.
    case reconciliationFailed(ReconciliationID, ReconciliationFault)
    /// What the relay says of itself; `nil`: nothing, or nothing that could be read.
    case information(LinkID, UpstreamInformation?)
    /// The id of the event that was sent to authenticate; `nil`: there is no key, or it could not be sent.
    case authenticating(LinkID, EventID?)
    /// What the operator changed while we run.
    case reconfigured(archive: [ArchivePattern]? = nil, curation: RepositoryCuration? = nil)
    /// So many of its messages could not be read.
    case unreadable(LinkID, count: Int)
    /// More came of an event that is too long to be read.
    case skipping(LinkID)
    /// An event was too long to be read, and was passed over.
    case skipped(LinkID, SkippedEvent)
    /// One judgement for each event of a submission, in order.
    case judged(SubmissionID, [Judgement])
    /// Nothing happened, but ``SyncPlanner/nextDeadline`` has passed.
    case tick
    /// Write down what is known and hang up.
    case stop
}

/// Our own side of a reconciliation.
public enum GatheredSet: Hashable, Sendable {
    case set(count: Int)
    /// More than may be held; nothing is kept.
    case tooMany
}

/// What is wrong with a relay's negentropy message.
public enum ReconciliationFault: Hashable, Sendable {
    /// It speaks another version.
    case version
    case malformed
    case endless
    /// Nothing of the relay's: what is here can no longer be told as it could when it was gathered.
    case changed
}

/// An event that left the store.
public struct RemovedEvent: Hashable, Sendable {
    public let id: EventID
    public let kind: Kind
    /// Where it lived, of replaceable and addressable kinds.
    public let address: EventAddress?
    /// Whether a newer version took its place.
    public let wasReplaced: Bool

    public init(id: EventID, kind: Kind, address: EventAddress?, wasReplaced: Bool) {
        self.id = id
        self.kind = kind
        self.address = address
        self.wasReplaced = wasReplaced
    }
}

/// What became of an event that was handed in.
public enum Judgement: Hashable, Sendable {
    /// Stored by the commit at this position.
    case stored(CommitPosition)
    /// Already here, superseded, deleted or expired: nothing is missing.
    case known
    /// Waits for what it refers to.
    case held
    /// Will never be stored as it is.
    case refused
    /// Its id or its signature is wrong: somebody made it up.
    case forged
    /// Our own fault: it must be asked for again.
    case failed
}

/// Why a relay could not be reached, from typed errors.
public enum DialFailure: String, Hashable, Sendable, CaseIterable {
    /// The address is private, or of a network we do not reach.
    case refused
    case dns
    case tcp
    case tls
    /// Not a WebSocket, or not one that follows the rules.
    case protocolError = "protocol"
    case timeout
    /// Its HTTP server speaks, and does not take the upgrade.
    case http
    /// Nothing was tried: as many dials or connections as may be are at its address already, or under way here.
    /// Nobody's fault.
    case busy
    /// It ended for no reason that we know.
    case other

    /// For the operator: what that means.
    public var explanation: String {
        switch self {
        case .refused: "its address is one that is never dialled for strangers"
        case .dns: "its name does not resolve"
        case .tcp: "nobody takes connections there"
        case .tls: "its certificate or its TLS is not good"
        case .protocolError: "what answers there speaks no WebSocket"
        case .timeout: "no answer to the dial"
        case .http: "its web server does not take the upgrade"
        case .busy: "it waits for its turn: others at its address, or of ours, come first"
        case .other: "the dial ended for no known reason"
        }
    }

    /// What is kept for the operator: the class, and what is known of it.
    func text(_ detail: String?) -> String {
        "dial: \(rawValue) (\(detail.map { UpstreamWords.short($0) } ?? explanation))"
    }
}
