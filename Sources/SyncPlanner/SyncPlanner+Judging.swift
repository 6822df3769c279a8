// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// Verdicts, and no more unjudged events than the one door takes.
extension SyncPlanner {
    /// The one door has spoken.
    mutating func judged(_ id: SubmissionID, _ judgements: [Judgement]) {
        guard let submission = submissions.removeValue(forKey: id) else { return }
        unjudged -= submission.load
        let verdicts = Verdicts(judgements, of: submission.load.events)
        report(verdicts, of: submission)
        storeAnswered(verdicts)
        defer { resumeReading() }
        let relay = submission.link.relay
        guard conversations[relay]?.link == submission.link else { return }
        touched.insert(relay)
        if let batch = submission.batch {
            pending.batches[relay]?[batch]?.unjudged -= submission.load.events
            if let before = pending.batches[relay]?[batch]?.lastCommit, before < verdicts.last {
                pending.batches[relay]?[batch]?.lastCommit = verdicts.last
            }
            if verdicts.failed > 0 { pending.batches[relay]?[batch]?.failure = .notJudged }
        } else if verdicts.failed > 0 {
            // A live event that our store did not take comes again only if it is asked for again: the cursor
            // stays before it.
            giveUp(relay, because: .ourStore)
            return
        }
        conversations[relay]?.arrivals[id] = nil
        conversations[relay]?.unjudged -= submission.load
        if verdicts.forged > 0 {
            offended(relay, weight: verdicts.forged * configuration.limits.forgedWeight)
        }
        confirmFinished(relay)
    }

    private mutating func report(_ verdicts: Verdicts, of submission: Submission) {
        let relay = submission.link.relay
        if verdicts.stored > 0 { report(.stored(relay, submission.source, count: verdicts.stored)) }
        guard verdicts.notStored > 0 else { return }
        report(
            .notStored(
                relay, known: verdicts.known, held: verdicts.held, refused: verdicts.refused,
                forged: verdicts.forged, failed: verdicts.failed))
    }

    /// One failure of the store fails whatever is at the door: it is counted once.
    private mutating func storeAnswered(_ verdicts: Verdicts) {
        if verdicts.failed > 0 {
            guard storeTrouble.notBefore == nil else { return }
            _ = storeTrouble.failed(
                at: now, base: configuration.backoffBase, most: configuration.backoffMax, using: &chance)
        } else if verdicts.stored > 0, storeTrouble.attempts > 0 {
            storeTrouble.succeeded()
            touched.formUnion(relays.entries.keys)
            mayDial = true
        }
    }

    /// Too much waits for judgement, of this relay or of all: nothing more is read from this one.
    mutating func pauseReading(_ relay: RelayURL) {
        guard let conversation = conversations[relay], !conversation.isPaused else { return }
        let limits = configuration.limits
        let isFull =
            conversation.unjudged.isOver(
                events: limits.unjudgedPerRelayMax, bytes: limits.unjudgedBytesPerRelayMax)
            || unjudged.isOver(events: limits.unjudgedMax, bytes: limits.unjudgedBytesMax)
        guard isFull else { return }
        conversations[relay]?.isPaused = true
        conversations[relay]?.pausedAt = now
        conversations[relay]?.behindSince = conversation.behindSince ?? wall
        pausedRelays.insert(relay)
        effects.append(.pauseReading(conversation.link))
    }

    /// Half of what is too much is little enough again.
    private mutating func resumeReading() {
        let limits = configuration.limits
        guard !unjudged.isOver(events: limits.unjudgedMax / 2, bytes: limits.unjudgedBytesMax / 2) else {
            return
        }
        for relay in pausedRelays.sorted() {
            guard let conversation = conversations[relay], conversation.isPaused else {
                pausedRelays.remove(relay)
                continue
            }
            let isFull = conversation.unjudged.isOver(
                events: limits.unjudgedPerRelayMax / 2, bytes: limits.unjudgedBytesPerRelayMax / 2)
            if !isFull { resumeReading(relay, conversation) }
        }
    }

    private mutating func resumeReading(_ relay: RelayURL, _ conversation: UpstreamConversation) {
        pausedRelays.remove(relay)
        touched.insert(relay)
        conversations[relay]?.isPaused = false
        conversations[relay]?.resumedAt = now
        conversations[relay]?.heardAt = now
        // While we did not listen, nobody can be said to have been silent.
        for (id, subscription) in conversation.subscriptions where subscription.deadline != nil {
            conversations[relay]?.subscriptions[id]?.deadline = now + configuration.answerTimeout
            conversations[relay]?.subscriptions[id]?.latest =
                subscription.latest + (now - conversation.pausedAt)
        }
        effects.append(.resumeReading(conversation.link))
    }
}

/// The verdicts on one submission, counted.
private struct Verdicts {
    var (stored, known, held, refused, forged, failed) = (0, 0, 0, 0, 0, 0)
    /// The last commit that took one of its events.
    var last = CommitPosition.start

    var notStored: Int { known + held + refused + forged + failed }

    /// - Parameter events: how many were submitted; an answer that leaves one out has not judged it.
    init(_ judgements: [Judgement], of events: Int) {
        for judgement in judgements {
            switch judgement {
            case .stored(let position):
                stored += 1
                last = max(last, position)
            case .known: known += 1
            case .held: held += 1
            case .refused: refused += 1
            case .forged: forged += 1
            case .failed: failed += 1
            }
        }
        failed += max(0, events - judgements.count)
    }
}
