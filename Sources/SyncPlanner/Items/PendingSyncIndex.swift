// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What is in flight: the batches of each relay. A batch is recorded here before anything is sent.
public struct PendingSyncIndex: Hashable, Sendable {
    public internal(set) var batches: [RelayURL: [BatchID: Batch]] = [:]

    public init() {}

    public var count: Int { batches.values.reduce(0) { $0 + $1.count } }

    public func count(of relay: RelayURL) -> Int { batches[relay]?.count ?? 0 }

    /// Every item in flight with one relay.
    func items(of relay: RelayURL) -> ItemSet {
        var items = ItemSet()
        for batch in batches[relay, default: [:]].values { items.formUnion(batch.items) }
        return items
    }

    /// The batches of one relay in the order in which they were opened.
    func ordered(_ relay: RelayURL) -> [BatchID] { (batches[relay] ?? [:]).keys.sorted() }

    mutating func insert(_ batch: Batch) { batches[batch.link.relay, default: [:]][batch.id] = batch }

    mutating func remove(_ id: BatchID, of relay: RelayURL) -> Batch? {
        let batch = batches[relay]?.removeValue(forKey: id)
        if batches[relay]?.isEmpty == true { batches[relay] = nil }
        return batch
    }
}

/// Some items asked of one relay together, from the first subscription to the last verdict.
public struct Batch: Hashable, Sendable {
    public let id: BatchID
    public let link: LinkID
    let items: ItemSet
    public let source: SyncSource
    /// From when history is asked; `nil`: all of it.
    public let since: Timestamp?
    /// Our clock when it was opened: what the cursors will say.
    public let coveredUntil: Timestamp
    public let openedAt: Uptime

    public internal(set) var phase = Phase.openingLive
    /// The paging state of each subscription that must still end.
    public internal(set) var subscriptions: [SubscriptionID: HistoryPages] = [:]
    /// A page that may not be asked for yet.
    public internal(set) var waiting: HistoryPages?
    /// Filters that are reconciled, before the others are read page by page.
    var reconciling: BatchReconciling?
    /// Whether there were any.
    package internal(set) var wasReconciled = false
    /// Events handed in whose verdicts are not known.
    public internal(set) var unjudged = 0
    /// The last commit that its events went into.
    public internal(set) var lastCommit = CommitPosition.start
    public internal(set) var failure: BatchFailure?
    /// What the relay said when it ended one of its subscriptions.
    var words: String?
    /// Items that must be asked for once more, whatever this batch brings.
    var stale = ItemSet()
    public internal(set) var pages = 0

    /// Whether this subscription brings what a reconciliation found missing.
    package func isFetching(_ id: SubscriptionID) -> Bool {
        reconciling?.running.values.contains { $0.fetches[id] != nil } ?? false
    }

    public enum Phase: Hashable, Sendable {
        /// Its live subscription has not answered. Becomes history.
        case openingLive
        /// Stored events are being read. Becomes judging.
        case history
        /// Everything was received; verdicts, or the follower, are awaited. Ends confirmed or failed.
        case judging
    }
}
