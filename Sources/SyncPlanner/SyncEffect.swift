// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What the planner wants done; performed in order, for each relay by itself.
public enum SyncEffect: Hashable, Sendable {
    /// Ask whether this process may dial the relay; answered by ``SyncInput/ownership(_:isOurs:)``.
    case claim(RelayURL)
    case release(RelayURL)
    /// Answered by ``SyncInput/linkUp(_:)`` or ``SyncInput/dialFailed(_:_:detail:)``.
    case dial(LinkID, namedBy: Namer)
    /// Read what the relay says of itself (NIP-11); answered by ``SyncInput/information(_:_:)``.
    case fetchInformation(LinkID)
    /// Sign the challenge for the URL that was dialled and send it (NIP-42); answered by
    /// ``SyncInput/authenticating(_:_:)``.
    case authenticate(LinkID, challenge: String)
    /// Read the stored announcements anew, as when the feed was lost.
    case rescan
    /// Close, or stop dialling. The planner has forgotten the link: nothing need be reported.
    case hangUp(LinkID)
    case open(LinkID, SubscriptionID, [Filter])
    case close(LinkID, SubscriptionID)
    /// Gather the ids of everything here that the filter matches, to be reconciled later; answered by
    /// ``SyncInput/gathered(_:_:)``. With `skipsUnwanted` the ids that this relay offered and that were not taken
    /// (``UnwantedEvents``) belong to them.
    case gather(ReconciliationID, Filter, skipsUnwanted: Bool)
    /// Send `NEG-OPEN` for what was gathered, in messages of at most so many **bytes** before they become hexadecimal text;
    /// for one that has ended by then, nothing.
    case reconcile(ReconciliationID, SubscriptionID, Filter, frameBytes: Int)
    /// Take the relay's message and send the next one; answered by ``SyncInput/reconciled(_:need:isDone:)`` or
    /// ``SyncInput/reconciliationFailed(_:_:)``.
    case takeReconciliation(ReconciliationID, SubscriptionID, TagValue)
    /// Forget what was gathered. With a subscription, send `NEG-CLOSE`.
    case endReconciliation(ReconciliationID, SubscriptionID?)
    /// Too much of this relay's waits for judgement.
    case pauseReading(LinkID)
    case resumeReading(LinkID)
    /// Answered by ``SyncInput/judged(_:_:)``, also when the link is gone.
    case submit(SubmissionID, LinkID, [ParsedEvent])
    /// Rows to be written durably.
    case write([SyncRow])
    /// Find stored events; answered by ``SyncInput/found(_:_:isLast:)``.
    case askStore(StoreQuestionID, StoreQuestion)
    /// Find which of these the store lacks; answered by ``SyncInput/absent(_:_:)``.
    case findAbsent(StoreQuestionID, [Reference])
    case report(SyncFact)
    /// The last effect: all links are hung up and all rows are handed over.
    case stopped
}

/// Who named a relay decides which addresses it may have.
public enum Namer: Hashable, Sendable {
    case `operator`
    case stranger
}

/// Stored events that matter to what is followed.
public enum StoreQuestion: Hashable, Sendable {
    /// Their states, and everything that names one of them in `a`, `A` or `q`.
    case naming([EventAddress])
    /// Everything that names one of these in `e`, `E` or `q`.
    case namingRoots([EventID])
}

extension StoreQuestion {
    /// The filters that find it.
    public var filters: [Filter] {
        switch self {
        case .naming(let addresses):
            [Filter(kinds: [.repositoryState], tags: ["d": addresses.map(\.identifier)])]
                + Filter.naming(addresses.map(\.text), by: ["a", "A", "q"])
        case .namingRoots(let roots): Filter.naming(roots.map { TagValue($0.hex) }, by: ["e", "E", "q"])
        }
    }
}

extension Filter {
    /// One filter a letter, each with all the values.
    static func naming(_ values: [TagValue], by letters: [Character]) -> [Filter] {
        // Sorted once: each filter sorts them.
        let values = values.sorted()
        return letters.map { Filter(tags: [$0: values]) }
    }
}
