// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// One open reconciliation (NIP-77): its set is read once, then its client's messages are answered from it, one at a time.
struct Reconciliation: Sendable {
    let id: SubscriptionID
    private(set) var phase: Phase
    /// When the client spoke last, or was answered.
    private(set) var lastHeard: Uptime

    enum Phase: Sendable {
        /// The set is being read; the first message waits for it. → `answering`
        case gathering(Filter, message: TagValue, size: Int)
        /// A message is to be answered. → `resting`
        case answering(TagValue)
        /// It is the client's turn. → `answering`
        case resting
    }

    init(_ id: SubscriptionID, _ filter: Filter, _ message: TagValue, size: Int, at arrived: Uptime) {
        self.id = id
        phase = .gathering(filter, message: message, size: size)
        lastHeard = arrived
    }

    /// What the client's messages take that are not answered yet, in **bytes**.
    var size: Int {
        switch phase {
        case .gathering(_, _, let size): size
        case .answering(let message): message.bytes.count
        case .resting: 0
        }
    }

    var isResting: Bool { if case .resting = phase { true } else { false } }

    /// The set is read.
    mutating func isGathered() {
        guard case .gathering(_, let message, _) = phase else {
            preconditionFailure("a set is gathered once")
        }
        phase = .answering(message)
    }

    mutating func take(_ message: TagValue, at arrived: Uptime) {
        precondition(isResting, "messages are answered one at a time")
        phase = .answering(message)
        lastHeard = arrived
    }

    mutating func isAnswered(at now: Uptime) {
        phase = .resting
        lastHeard = max(lastHeard, now)
    }

    /// Changes the reconciliation where it lies.
    mutating func change(_ body: (inout Self) -> Void) { body(&self) }
}
