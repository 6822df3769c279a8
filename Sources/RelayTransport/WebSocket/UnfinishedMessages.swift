// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore

/// The messages of all connections that have begun and not ended, and their bound in all.
///
/// Beyond ``TransportLimits/maxUnfinishedBytesInTotal`` the longest of those that are older than
/// ``TransportLimits/unfinishedPatience`` ends its conversation; beyond twice as much, the longest of all.
final class UnfinishedMessages: Sendable {
    private struct Entry {
        var bytes: Int
        var began: NIODeadline
        let giveUp: @Sendable () -> Void
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var bytes = 0
        /// Whether somebody looks again when the patience is over.
        var isWatched = false
    }

    /// What takes less is not counted: it is a part of a read that will be whole with the next.
    static let leastCounted = 16 << 10

    private let state = NIOLockedValueBox(State())

    /// Bytes counted now.
    var bytes: Int { state.withLockedValue { $0.bytes } }

    /// What one connection holds of a message has changed.
    ///
    /// - Parameters:
    ///   - isNew: whether it is of another message than the last time.
    ///   - giveUp: ends the conversation; called from any thread, at most once a message.
    /// - Returns: whether ``lookAgain(_:at:)`` must be called when ``TransportLimits/unfinishedPatience`` has passed.
    func changed(
        _ holder: AnyObject, bytes: Int, isNew: Bool, limits: TransportLimits, at now: NIODeadline,
        giveUp: @escaping @Sendable () -> Void
    ) -> Bool {
        let id = ObjectIdentifier(holder)
        state.withLockedValue { state in
            let old = state.entries.removeValue(forKey: id)
            state.bytes -= old?.bytes ?? 0
            guard bytes >= Self.leastCounted else { return }
            let began = isNew ? now : old?.began ?? now
            state.entries[id] = Entry(bytes: bytes, began: began, giveUp: giveUp)
            state.bytes += bytes
        }
        return relieve(limits, at: now)
    }

    /// The patience is over.
    ///
    /// - Returns: whether it must be called once more, after as long again.
    func lookAgain(_ limits: TransportLimits, at now: NIODeadline) -> Bool {
        state.withLockedValue { $0.isWatched = false }
        return relieve(limits, at: now)
    }

    /// The connection is gone, or ends.
    func forget(_ holder: AnyObject) {
        state.withLockedValue { state in
            state.bytes -= state.entries.removeValue(forKey: ObjectIdentifier(holder))?.bytes ?? 0
        }
    }

    private func relieve(_ limits: TransportLimits, at now: NIODeadline) -> Bool {
        let (givenUp, mustWatch) = state.withLockedValue { state in
            var givenUp: [Entry] = []
            while state.bytes > limits.maxUnfinishedBytesInTotal,
                let id = Self.longest(state, limits, at: now),
                let entry = state.entries.removeValue(forKey: id)
            {
                state.bytes -= entry.bytes
                givenUp.append(entry)
            }
            let mustWatch = state.bytes > limits.maxUnfinishedBytesInTotal && !state.isWatched
            if mustWatch { state.isWatched = true }
            return (givenUp, mustWatch)
        }
        for entry in givenUp { entry.giveUp() }
        return mustWatch
    }

    private static func longest(
        _ state: State, _ limits: TransportLimits, at now: NIODeadline
    ) -> ObjectIdentifier? {
        let isUrgent = state.bytes > 2 * limits.maxUnfinishedBytesInTotal
        let old = state.entries.filter { isUrgent || $0.value.began + limits.unfinishedPatience <= now }
        return old.max { $0.value.bytes < $1.value.bytes }?.key
    }
}
