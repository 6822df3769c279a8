// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

/// What of which batch was handed in and stored, kept apart from what the planner believes.
struct Ledger {
    private var batchOf: [LinkID: [SubscriptionID: BatchID]] = [:]
    private var batchOfSubmission: [SubmissionID: BatchID] = [:]
    private var linkOfSubmission: [SubmissionID: (link: LinkID, count: Int)] = [:]
    private var lastCommits: [BatchID: CommitPosition] = [:]
    /// Events of each link that wait for their verdict.
    private(set) var unjudged: [LinkID: Int] = [:]

    mutating func opened(_ id: SubscriptionID, of batch: BatchID, over link: LinkID) {
        batchOf[link, default: [:]][id] = batch
    }

    /// - Parameter messages: what arrived just before.
    mutating func submitted(
        _ id: SubmissionID, _ link: LinkID, _ events: [Event], after messages: [RelayMessage]
    ) {
        linkOfSubmission[id] = (link, events.count)
        unjudged[link, default: 0] += events.count
        let ids = Set(events.map(\.id))
        var batches: Set<BatchID?> = []
        for case .event(let subscription, let event) in messages where ids.contains(event.event.id) {
            batches.insert(batchOf[link]?[subscription])
        }
        // What came over several subscriptions at once is nobody's.
        if batches.count == 1, let batch = batches.first { batchOfSubmission[id] = batch }
    }

    mutating func judged(_ id: SubmissionID, _ judgements: [Judgement]) {
        if let (link, count) = linkOfSubmission.removeValue(forKey: id) {
            unjudged[link, default: 0] -= count
        }
        guard let batch = batchOfSubmission.removeValue(forKey: id) else { return }
        for case .stored(let position) in judgements {
            lastCommits[batch] = max(lastCommits[batch] ?? .start, position)
        }
    }

    /// The last commit that this batch's events went into.
    func lastCommit(of batch: BatchID) -> CommitPosition { lastCommits[batch] ?? .start }
}

extension World {
    /// Keeps the ledger and reads from it: no batch is complete before the follower saw what it brought, and no
    /// more waits for judgement than may.
    mutating func keepLedger(_ input: SyncInput, _ effects: [SyncEffect]) {
        if case .judged(let id, let judgements) = input { ledger.judged(id, judgements) }
        for effect in effects {
            switch effect {
            case .open(let link, let id, _):
                let batches = planner.pending.batches[link.relay] ?? [:]
                if let batch = batches.values.first(where: {
                    $0.subscriptions[id] != nil || $0.isFetching(id)
                }) {
                    ledger.opened(id, of: batch.id, over: link)
                }
            case .submit(let id, let link, let events):
                var messages: [RelayMessage] = []
                if case .received(_, let received) = input { messages = received }
                ledger.submitted(id, link, events.map(\.event), after: messages)
                let waiting = ledger.unjudged[link] ?? 0
                if waiting > Self.unjudgedMax + Self.burstMax {
                    complain("\(waiting) events of \(link.relay) wait for judgement")
                }
            case .release(let relay):
                let waiting = relays[relay]?.link.flatMap { ledger.unjudged[$0] } ?? 0
                let isBusy = effects.contains {
                    if case .report(.batchFailed(relay, _, .disconnected, _)) = $0 { true } else { false }
                }
                if isBusy || waiting > 0 { complain("\(relay) is let go with work in flight") }
            case .report(.batchConfirmed(let relay, let batch, _, _, _))
            where ledger.lastCommit(of: batch) > followed:
                complain("a batch of \(relay) confirmed before the follower saw what it brought")
            default: break
            }
        }
    }
}
