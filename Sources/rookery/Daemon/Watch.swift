// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ServiceLifecycle

/// Looks at something now and then, and tells the log when it is other than before.
protocol Watch: Service {
    /// How it stood at the last look.
    associatedtype Standing: Sendable
    var initial: Standing { get }
    /// How long a change may go unnoticed.
    var interval: Duration { get }
    /// Writes a line when things are other than before.
    ///
    /// - Returns: whether it did.
    @discardableResult func look(_ before: inout Standing) -> Bool
}

extension Watch {
    func run() async throws {
        await cancelWhenGracefulShutdown {
            var standing = initial
            while !Task.isCancelled {
                look(&standing)
                // Cancelled, it ends at once, and so does the loop.
                try? await Task.sleep(for: interval)
            }
        }
    }
}
