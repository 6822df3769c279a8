// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// State behind a lock, with conditions that threads of our own can wait for.
///
/// The mutex guards `state`; that is what makes this class safe to share.
final class Monitor<State>: @unchecked Sendable {
    /// What a waiting thread is told to do.
    enum Step<Result> {
        case done(Result)
        case wait
        case waitAtMost(milliseconds: Int)
    }

    private var state: State
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let conditions: UnsafeMutableBufferPointer<pthread_cond_t>

    /// - Parameter signals: how many different things are waited for; they are numbered from 0.
    init(_ state: State, signals: Int = 1) {
        self.state = state
        conditions = .allocate(capacity: signals)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        for index in conditions.indices { pthread_cond_init(&conditions[index], &attributes) }
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        for index in conditions.indices { pthread_cond_destroy(&conditions[index]) }
        conditions.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func withLock<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&state)
    }

    /// Asks `body` again each time `signal` is given, until it is done. Blocks the thread.
    ///
    /// - Parameter body: gets whether the time of its last `waitAtMost` ran out.
    func wait<Result>(for signal: Int, _ body: (inout State, _ timedOut: Bool) -> Step<Result>) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let condition = conditions.baseAddress.unsafelyUnwrapped + signal
        var timedOut = false
        while true {
            switch body(&state, timedOut) {
            case .done(let result):
                return result
            case .wait:
                pthread_cond_wait(condition, mutex)
                timedOut = false
            case .waitAtMost(let milliseconds):
                var deadline = Self.deadline(in: milliseconds)
                timedOut = pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT
            }
        }
    }

    /// Wakes one thread that waits for `signal`.
    func notify(_ signal: Int) { pthread_cond_signal(&conditions[signal]) }
    /// Wakes all of them.
    func notifyAll(_ signal: Int) { pthread_cond_broadcast(&conditions[signal]) }

    private static func deadline(in milliseconds: Int) -> timespec {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let nanoseconds = time.tv_nsec + (milliseconds % 1_000) * 1_000_000
        time.tv_sec += milliseconds / 1_000 + nanoseconds / 1_000_000_000
        time.tv_nsec = nanoseconds % 1_000_000_000
        return time
    }
}
