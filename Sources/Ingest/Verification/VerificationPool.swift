// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NostrCore

/// Finds out, for events in batches, whether they are known, true and acceptable by themselves.
///
/// Any number of threads may ask at one time; what they share is behind a lock.
final class VerificationPool: Sendable {
    private let store: EventStore
    private let board: NIOLockedValueBox<Admission>
    private let now: @Sendable () -> Timestamp
    private let observer: any IngestObserver
    private let verifier = Verifier()
    private let memory: Monitor<SignatureMemory>

    init(
        store: EventStore, board: NIOLockedValueBox<Admission>, limits: IngestLimits,
        now: @escaping @Sendable () -> Timestamp, observer: any IngestObserver
    ) {
        self.store = store
        self.board = board
        self.now = now
        self.observer = observer
        memory = Monitor(SignatureMemory(capacity: limits.verifiedSignatures))
    }

    /// What one batch of events turned out to be; events whose signature another thread is checking at
    /// this moment are looked at last.
    func judge(
        _ jobs: [VerificationJob], _ events: [[ParsedEvent]], cache: inout PointCache
    ) -> [[Submission.Slot]] {
        var found = events.map { $0.map { Submission.Slot.waiting($0) } }
        let moment = now()
        let admission = board.withLockedValue { $0 }
        let known = known(events, at: moment)
        var postponed: [(job: Int, index: Int, event: Event, key: SignatureMemory.Key)] = []
        var checked = 0
        var position = 0
        for job in events.indices {
            for index in events[job].indices {
                defer { position += 1 }
                switch known[position] {
                case .unknown: break
                case .stored:
                    found[job][index] = .decided(.duplicate)
                    continue
                case .expired:
                    found[job][index] = .decided(.rejected(.expired))
                    continue
                }
                guard let event = events[job][index].withTrueID() else {
                    found[job][index] = .decided(.rejected(.wrongID))
                    continue
                }
                guard let key = SignatureMemory.Key(event) else {
                    found[job][index] = .decided(.rejected(.badSignature))
                    continue
                }
                guard let isTrue = check(event, key, &cache, &checked) else {
                    postponed.append((job, index, event, key))
                    continue
                }
                let source = jobs[job].submission.source
                found[job][index] = slot(event, isTrue: isTrue, admission, from: source, at: moment)
            }
        }
        for (job, index, event, key) in postponed {
            let isTrue = checkAfterOthers(event, key, &cache, &checked)
            found[job][index] = slot(
                event, isTrue: isTrue, admission, from: jobs[job].submission.source, at: moment)
        }
        if checked > 0 { observer.verified(signatures: checked) }
        return found
    }

    /// Known ids need no work at all. A store that cannot say is no reason to refuse: the writer will.
    private func known(_ events: [[ParsedEvent]], at moment: Timestamp) -> [KnownState] {
        let ids = events.flatMap { $0.map(\.id) }
        return (try? store.known(ids, now: moment)) ?? ids.map { _ in .unknown }
    }

    private func slot(
        _ event: Event, isTrue: Bool, _ admission: Admission, from source: IngestSource, at moment: Timestamp
    ) -> Submission.Slot {
        guard isTrue else { return .decided(.rejected(.badSignature)) }
        if let refusal = admission.refusal(of: event, from: source, at: moment) {
            return .decided(.rejected(refusal))
        }
        return .verified(event)
    }

    /// - Returns: `nil` when another thread is at it.
    private func check(
        _ event: Event, _ key: SignatureMemory.Key, _ cache: inout PointCache, _ checked: inout Int
    ) -> Bool? {
        switch memory.withLock({ $0.claim(key) }) {
        case .known: return true
        case .taken: return nil
        case .yours: return verify(event, key, &cache, &checked)
        }
    }

    private func checkAfterOthers(
        _ event: Event, _ key: SignatureMemory.Key, _ cache: inout PointCache, _ checked: inout Int
    ) -> Bool {
        let isKnown = memory.wait(for: 0) { memory, _ -> Monitor<SignatureMemory>.Step<Bool> in
            switch memory.claim(key) {
            case .known: .done(true)
            case .yours: .done(false)
            case .taken: .wait
            }
        }
        return isKnown || verify(event, key, &cache, &checked)
    }

    private func verify(
        _ event: Event, _ key: SignatureMemory.Key, _ cache: inout PointCache, _ checked: inout Int
    ) -> Bool {
        let isTrue = event.hasTrueSignature(using: verifier, cache: &cache)
        checked += 1
        memory.withLock { $0.release(key, isTrue: isTrue) }
        memory.notifyAll(0)
        return isTrue
    }
}
