// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOPosix
import Synchronization

/// The threads that read the store, so that the cooperative pool never waits for a disk, and an event loop only for a page
/// that ought to be short (``ShortReads``).
///
/// One conversation has at most one reading under way, so conversations take turns here in the order they asked.
final class ReaderPool: Sendable {
    private let threads: NIOThreadPool
    private let limit: Int
    private let waiting = Atomic<Int>(0)

    init(threads: Int, limit: Int) {
        self.threads = NIOThreadPool(numberOfThreads: max(1, threads))
        self.limit = limit
        self.threads.start()
    }

    /// Readings that wait for a thread.
    var depth: Int { waiting.load(ordering: .relaxed) }

    /// Runs `read` on a reader thread.
    ///
    /// - Returns: `false` when too many wait already, and nothing was done.
    func submit(_ read: @escaping @Sendable () -> Void) -> Bool {
        guard waiting.wrappingAdd(1, ordering: .relaxed).newValue <= limit else {
            waiting.wrappingSubtract(1, ordering: .relaxed)
            return false
        }
        threads.submit { [self] state in
            waiting.wrappingSubtract(1, ordering: .relaxed)
            if case .active = state { read() }
        }
        return true
    }

    /// Readings that have not begun are dropped.
    func shutdown() async { try? await threads.shutdownGracefully() }
}
