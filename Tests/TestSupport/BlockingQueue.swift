// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Dispatch

/// A thread for calls that block, so that they never sit in the pool that runs the tests.
struct BlockingQueue: Sendable {
    private let queue: DispatchQueue

    init(_ label: String) { queue = DispatchQueue(label: label) }

    /// Runs `body` after everything handed in before.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result(catching: body)) }
        }
    }
}
