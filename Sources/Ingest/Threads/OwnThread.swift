// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// Starts threads that may block: on an fsync, on a signature, on each other. Nothing of that kind belongs
/// on the concurrency runtime's threads, of which there is one a core.
enum OwnThread {
    /// Runs `body` on a thread of its own.
    static func start(_ body: @escaping @Sendable () -> Void) {
        let context = Unmanaged.passRetained(Context(body: body))
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, { Context.run($0) }, context.toOpaque())
        precondition(code == 0, "the system refused a thread (\(code))")
        pthread_detach(thread)
    }

    /// Cores that this process may use.
    static var cores: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    private final class Context: Sendable {
        private let body: @Sendable () -> Void

        init(body: @escaping @Sendable () -> Void) { self.body = body }

        static func run(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
            guard let pointer else { return nil }
            let context = Unmanaged<Context>.fromOpaque(pointer).takeRetainedValue()
            context.body()
            return nil
        }
    }
}
