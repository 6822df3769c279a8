// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A store that was opened for writing: the readers' half for everybody, the writer's half for one.
public struct OpenedStore: ~Copyable {
    public let store: EventStore

    init(store: EventStore) { self.store = store }

    /// The one right to write.
    public consuming func takeWriter() -> WriteAccess { WriteAccess(store: store) }
}
