// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import Synchronization

/// What all connections of one ``Listener`` or ``Dialer`` share: their limits, and counts that are written from all
/// event loops.
final class TransportTally: Sendable {
    let limits: TransportLimits
    private let queued = Atomic(0)
    private let collected = Atomic(0)
    /// Bodies that are streamed, files that are sent, and answers without an end.
    let streamedBodies = Places()
    let sentFiles = Places()
    let openAnswers = Places()
    /// What has been read of messages that are not whole.
    let unfinished = UnfinishedMessages()
    private let counts = NIOLockedValueBox(TransportStatistics())

    init(limits: TransportLimits) { self.limits = limits }

    /// Bytes that wait to be sent, over all connections.
    var queuedBytes: Int { queued.load(ordering: .relaxed) }

    func addQueuedBytes(_ difference: Int) {
        queued.add(difference, ordering: .relaxed)
    }

    /// Counts bytes of a body that has not ended.
    ///
    /// - Returns: whether there is room for them.
    func collect(_ bytes: Int) -> Bool {
        collected.add(bytes, ordering: .relaxed).newValue <= limits.maxBodyBytesInTotal
    }

    func giveUp(_ bytes: Int) { collected.subtract(bytes, ordering: .relaxed) }

    func count(_ change: (inout TransportStatistics) -> Void) {
        counts.withLockedValue(change)
    }

    func webSocketOpened() {
        count { $0.openWebSockets += 1 }
    }

    func webSocketClosed(_ reason: CloseReason) {
        count { counts in
            counts.openWebSockets -= 1
            switch reason {
            case .tooSlow: counts.closedTooSlow += 1
            case .silent: counts.closedSilent += 1
            case .violation, .unfinishedMessage: counts.closedViolation += 1
            case .closedByPeer, .closedHere, .lost: break
            }
        }
    }

    var statistics: TransportStatistics {
        var statistics = counts.withLockedValue { $0 }
        statistics.queuedBytes = queuedBytes
        return statistics
    }
}
