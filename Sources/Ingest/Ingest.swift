// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import EventStore
public import NostrCore

/// The one door: every event enters the store through here, whoever sends it, and nobody else can write.
public final class Ingest: Sendable {
    public init(
        writer: consuming WriteAccess, store: EventStore, admission: Admission,
        limits: IngestLimits = IngestLimits(), now: @escaping @Sendable () -> Timestamp,
        observer: some IngestObserver = SilentObserver()
    ) { fatalError("not written yet") }

    /// Judges events and stores what may be stored. Never blocks.
    ///
    /// The events of a submission are written in their order and with its side rows in one transaction.
    /// Submissions of one source are written in the order in which they come.
    /// - Parameter reply: called exactly once, with a verdict an event, in their order; on a thread of the
    ///   door's own or, when the door is full or closed, inside this call. It must only enqueue.
    public func submit(
        _ events: [ParsedEvent], from source: IngestSource, with side: [SideWrite] = [],
        reply: @escaping @Sendable ([Verdict]) -> Void
    ) { fatalError("not written yet") }

    /// The same, waiting for the verdicts.
    public func submit(
        _ events: [ParsedEvent], from source: IngestSource, with side: [SideWrite] = []
    ) async -> [Verdict] {
        await withCheckedContinuation { waiting in
            submit(events, from: source, with: side) { waiting.resume(returning: $0) }
        }
    }

    /// Events between submission and verdict.
    public var queuedEvents: Int { fatalError("not written yet") }
    /// Whether the writer can write.
    public var health: IngestHealth { fatalError("not written yet") }
    /// Events in the holding area.
    public var heldEvents: Int { fatalError("not written yet") }

    /// Returns when everything submitted before has been answered.
    public func drain() async { fatalError("not written yet") }
    /// Takes nothing more, answers what is inside, ends the threads.
    public func shutdown() async { fatalError("not written yet") }
}
