// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The filters of one batch that are reconciled (NIP-77) rather than read page by page.
///
///     queued ─▶ gathering ─▶ gathered ─NEG-OPEN─▶ open ─last NEG-MSG─▶ listed ─everything fetched─▶ done
///                  │                                │                    │
///                  ▼ too few, or too many           ▼ anything else      ▼ not served: queued once more, then
///                                      paged ◀──────────────────────────────────
struct BatchReconciling: Hashable, Sendable {
    /// A filter whose turn has not come.
    struct Queued: Hashable, Sendable {
        let filter: Filter
        /// How often it was begun in vain: the relay wanted us to wait.
        var postponed = 0
        /// Whether the relay listed ids the last time that it did not serve.
        var wasNotServed = false
    }

    var queued: [Queued]
    var running: [ReconciliationID: FilterReconciling] = [:]
    /// To be read page by page once all others have ended.
    var paged: [Filter]
    /// How many events must be here for a filter to be reconciled.
    let least: Int
    /// Whether what this relay offered and we did not take counts as here.
    let skipsUnwanted: Bool

    /// Those that run, the oldest first.
    var ordered: [ReconciliationID] { running.keys.sorted() }
    var isFinished: Bool { queued.isEmpty && running.isEmpty }
    /// Ids that wait to be asked for.
    var neededCount: Int { running.values.reduce(0) { $0 + $1.needed.count } }
}

/// One filter being reconciled.
struct FilterReconciling: Hashable, Sendable {
    let queued: BatchReconciling.Queued
    var stage = Stage.gathering
    /// Messages of the relay.
    var rounds = 0
    /// Ids that the relay has and we lack, and that are not being asked for; the last are asked for first.
    var needed: [EventID] = []
    var neededTotal = 0
    var fetches: [SubscriptionID: IDFetch] = [:]
    /// Whether some of them were not served.
    var isNotServed = false

    var filter: Filter { queued.filter }

    enum Stage: Hashable, Sendable {
        /// Becomes gathered.
        case gathering
        /// Waits until the relay may be asked. Becomes open.
        case gathered
        /// Busy while a message of the relay is being taken. Becomes listed.
        case open(SubscriptionID, isBusy: Bool)
        /// All that we lack is known; it is being fetched.
        case listed
    }

    /// The session that the relay knows of.
    var session: SubscriptionID? { if case .open(let id, _) = stage { id } else { nil } }
    var isUnanswered: Bool { session != nil && rounds == 0 }
    var isDone: Bool { stage == .listed && needed.isEmpty && fetches.isEmpty }
}

/// Events asked for by their ids in one `REQ`.
struct IDFetch: Hashable, Sendable {
    /// Those that have not come.
    private(set) var missing: Set<EventID>
    private(set) var served: Set<EventID> = []
    private var repeats = 0

    init(_ ids: some Sequence<EventID>) { missing = Set(ids) }

    mutating func take(_ id: EventID) -> HistoryPages.Arrival {
        if missing.remove(id) != nil {
            served.insert(id)
            return .fresh
        }
        guard served.contains(id) else { return .unasked }
        repeats += 1
        return repeats <= served.count ? .again : .unasked
    }
}
