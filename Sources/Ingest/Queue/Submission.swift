// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore

/// One call of `submit`, from the call to its reply.
///
/// `slots`, `unjudged` and `stage` belong to the lock of the ``IngestQueue`` while events are being verified,
/// and to the writer's thread afterwards; that is what makes this class safe to share.
final class Submission: @unchecked Sendable {
    /// Where one of its events has got to.
    enum Slot {
        case waiting(ParsedEvent)
        /// Id and signature are true and no policy speaks against it.
        case verified(Event)
        case decided(Verdict)
    }

    enum Stage {
        /// → `consulting`, `ready`, `answering`
        case verifying
        /// Somebody is asked about it; it waits outside of its lane. → `ready`, `answering`
        case consulting
        /// The writer may have it as soon as it is the first of its lane.
        case ready
        /// It needs no writer, and a verifier is telling its sender. → `answered`
        case answering
        case answered
    }

    let source: IngestSource
    let side: [SideWrite]
    /// Rows that must be as given here, or nothing of it is written.
    let required: [SideWrite]
    let started: ContinuousClock.Instant
    /// Of its events, in every spelling that is kept of them.
    let bytes: Int
    /// What is to be removed in its transaction.
    let errand: Errand?
    private let reply: @Sendable ([Verdict]) -> Void
    var slots: [Slot]
    /// Slots that verifiers have not finished with.
    var unjudged: Int
    var stage: Stage
    /// Its place among everything that came in.
    var number: UInt64 = 0
    /// Whether somebody is to be asked about its events.
    var isConsulted = false
    /// Why the rows were not written.
    private var rowFailure: String?

    init(
        _ events: [ParsedEvent], from source: IngestSource, with side: [SideWrite],
        requiring required: [SideWrite] = [], reply: @escaping @Sendable ([Verdict]) -> Void
    ) {
        self.source = source
        self.side = side
        self.required = required
        errand = nil
        self.reply = reply
        started = ContinuousClock.now
        bytes = events.reduce(0) { $0 + $1.event.json.count + ($1.asWritten?.json.count ?? 0) }
        slots = events.map { .waiting($0) }
        unjudged = events.count
        stage = events.isEmpty ? .ready : .verifying
    }

    /// Nothing to store, something to remove.
    init(_ errand: Errand, reply: @escaping @Sendable ([Verdict]) -> Void) {
        source = .operator
        side = []
        required = []
        self.errand = errand
        self.reply = reply
        started = ContinuousClock.now
        bytes = 0
        slots = []
        unjudged = 0
        stage = .ready
    }

    /// What it keeps its order with.
    var line: SourceLine { SourceLine(source) }

    var eventCount: Int { slots.count }

    /// Rows that are written, and rows that are looked at first.
    var rowCount: Int { side.count + required.count }

    /// An end of the queue to wait for: neither events nor rows.
    var isMark: Bool { slots.isEmpty && side.isEmpty && required.isEmpty && errand == nil }

    /// Those events of a range that are still without a verdict fail, and the rows with them.
    func fail(_ range: Range<Int>, _ reason: String) {
        for index in range {
            if case .decided = slots[index] { continue }
            slots[index] = .decided(.failed(reason))
        }
        if !side.isEmpty || !required.isEmpty || errand != nil { rowFailure = reason }
    }

    /// The events that nothing speaks against so far, with their places.
    var verified: [(index: Int, event: Event)] {
        slots.indices.compactMap { index in
            if case .verified(let event) = slots[index] { (index, event) } else { nil }
        }
    }

    /// Whether the writer has nothing to do with it.
    var isDecided: Bool {
        guard side.isEmpty, required.isEmpty else { return false }
        return slots.allSatisfy { if case .decided = $0 { true } else { false } }
    }

    /// Tells its sender. Called once, outside any lock.
    func answer(_ observer: some IngestObserver) {
        var verdicts = slots.map { slot -> Verdict in
            guard case .decided(let verdict) = slot else {
                preconditionFailure("an answer needs a verdict for every event")
            }
            return verdict
        }
        if !verdicts.isEmpty {
            observer.answered(verdicts, from: source, after: ContinuousClock.now - started)
        }
        // Rows or errands alone have no event whose verdict could tell.
        if slots.isEmpty, let rowFailure { verdicts.append(.failed(rowFailure)) }
        reply(verdicts)
    }
}
