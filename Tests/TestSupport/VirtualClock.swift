// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
public import NostrCore

/// Time that moves only when a test moves it.
///
/// It is a `Clock` for code that sleeps, and the source of ``uptime`` and ``wallTime`` for code that is
/// handed moments.
public final class VirtualClock: Clock, Sendable {
    /// A moment of this clock.
    public struct Instant: InstantProtocol, Hashable, Sendable {
        /// The span since the clock was made.
        public var offset: Duration

        /// A moment `offset` after the clock was made.
        public init(offset: Duration) { self.offset = offset }

        /// The moment `span` later.
        public func advanced(by span: Duration) -> Instant { Instant(offset: offset + span) }
        /// The span from here to `other`.
        public func duration(to other: Instant) -> Duration { other.offset - offset }
        /// Earlier comes first.
        public static func < (a: Instant, b: Instant) -> Bool { a.offset < b.offset }
    }

    private struct Sleeper {
        let deadline: Instant
        let wake: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Instant(offset: .zero)
        var nextSleeper = 0
        var sleepers: [Int: Sleeper] = [:]
        /// Sleepers not lain down yet; `false` once cancelled.
        var arriving: [Int: Bool] = [:]
    }

    private let state: NIOLockedValueBox<State>
    private let start: Timestamp

    /// - Parameter start: what ``wallTime`` says before the first advance.
    public init(startingAt start: Timestamp = Timestamp(1_750_000_000)) {
        self.start = start
        state = NIOLockedValueBox(State())
    }

    /// The moment it is.
    public var now: Instant { state.withLockedValue { $0.now } }
    /// Any step counts.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// ``now`` as the moment that pure cores are handed.
    public var uptime: Uptime { .zero + now.offset }

    /// Whole seconds since 1970.
    public var wallTime: Timestamp { start.advanced(by: now.offset.components.seconds) }

    /// How many tasks sleep on this clock now.
    public var sleepers: Int { state.withLockedValue { $0.sleepers.count } }

    /// Moves time on and wakes, earliest first, whoever's moment has come.
    public func advance(by span: Duration) {
        precondition(span >= .zero, "time does not run backwards")
        let due = state.withLockedValue { state -> [Sleeper] in
            state.now = state.now.advanced(by: span)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }.map(\.value)
        }
        for sleeper in due { sleeper.wake.resume() }
    }

    /// Returns when ``advance(by:)`` has reached `deadline`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let number = state.withLockedValue { state in
            state.nextSleeper += 1
            state.arriving[state.nextSleeper] = true
            return state.nextSleeper
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wake in
                lieDown(Sleeper(deadline: deadline, wake: wake), as: number)
            }
        } onCancel: {
            cancel(number)
        }
    }

    private func lieDown(_ sleeper: Sleeper, as number: Int) {
        let outcome = state.withLockedValue { state -> Result<Void, any Error>? in
            if state.arriving.removeValue(forKey: number) == false { return .failure(CancellationError()) }
            if sleeper.deadline <= state.now { return .success(()) }
            state.sleepers[number] = sleeper
            return nil
        }
        if let outcome { sleeper.wake.resume(with: outcome) }
    }

    private func cancel(_ number: Int) {
        let sleeper = state.withLockedValue { state -> Sleeper? in
            if state.arriving[number] != nil { state.arriving[number] = false }
            return state.sleepers.removeValue(forKey: number)
        }
        sleeper?.wake.resume(throwing: CancellationError())
    }
}
