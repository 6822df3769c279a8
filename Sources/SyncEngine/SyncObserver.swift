// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import Ingest
public import NostrCore
public import SyncPlanner

/// Told what gathering does, for metrics: it must only count.
public protocol SyncObserver: Sendable {
    /// Called on the engine's actor.
    func happened(_ fact: SyncFact)
    /// How everything stands, now and then while something happens. Called on the engine's actor.
    func stands(_ snapshot: PlanSnapshot, at wall: Timestamp)
    /// Called on any thread.
    func received(_ relay: RelayURL, messages: Int, unreadable: Int, bytes: Int)
    /// What was said to reconcile a filter (NIP-77): messages of the relay, and the **bytes** of text both ways. Called on any
    /// thread.
    func reconciling(_ relay: RelayURL, rounds: Int, sent: Int, received: Int)
    /// Some events of a relay were judged. Called on a thread of the one door.
    func judged(_ relay: RelayURL, _ verdicts: [Verdict])
    /// A dial failed; `refusal` is a constant word when it was not allowed. Called on any thread.
    func dialEnded(_ relay: RelayURL, failure: DialFailure, refusal: String?)
}

extension SyncObserver {
    public func happened(_ fact: SyncFact) {}
    public func stands(_ snapshot: PlanSnapshot, at wall: Timestamp) {}
    public func received(_ relay: RelayURL, messages: Int, unreadable: Int, bytes: Int) {}
    public func reconciling(_ relay: RelayURL, rounds: Int, sent: Int, received: Int) {}
    public func judged(_ relay: RelayURL, _ verdicts: [Verdict]) {}
    public func dialEnded(_ relay: RelayURL, failure: DialFailure, refusal: String?) {}
}

/// Counts nothing.
public struct SilentSyncObserver: SyncObserver {
    public init() {}
}
