// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import Negentropy
import NostrCore

/// The sets that streams reconcile, in a room that all share.
final class StreamSets: Sendable {
    /// Events of one set; larger ones are not reconciled, unless the store keeps their sums.
    static let events = 2_000_000
    /// **Bytes** of all that are held; there may be one more.
    static let bytes = 128 << 20

    private let held = NIOLockedValueBox(0)

    /// One set, as long as anybody has it.
    final class Held: Sendable {
        private let reconciler: NIOLockedValueBox<Reconciler>
        private let sets: StreamSets
        private let bytes: Int

        fileprivate init(_ reconciler: Reconciler, _ sets: StreamSets) {
            self.reconciler = NIOLockedValueBox(reconciler)
            self.sets = sets
            bytes = reconciler.heldBytes
            sets.held.withLockedValue { [bytes] in $0 += bytes }
        }

        deinit { sets.held.withLockedValue { $0 -= bytes } }

        func step(_ text: TagValue) throws -> StreamCourse.Heard {
            switch try reconciler.withLockedValue({ try $0.step(text) }) {
            case .stepped(let found): .stepped(found)
            case .regathered(let first): .regathered(first)
            // A reconciler says nothing else.
            default: .stepped(nil)
            }
        }
    }

    /// Whether another set may be read.
    var hasRoom: Bool { held.withLockedValue { $0 < Self.bytes } }

    /// Holds a set to be reconciled.
    func hold(
        _ set: StoredSet, of filter: Filter, in store: EventStore, frameBytes: Int
    ) throws -> (Held, first: TagValue) {
        let reconciler = Reconciler(filter, set, in: store, frameBytes: frameBytes)
        return (Held(reconciler, self), try reconciler.first())
    }
}
