// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Dispatch
public import NIOCore
public import NostrCore

/// The time that gathering goes by, handed in so that tests may turn it.
public struct SyncClock: Sendable {
    /// For waiting.
    public var uptime: @Sendable () -> Uptime
    /// For cursors.
    public var wall: @Sendable () -> Timestamp
    /// Calls `body` once, no sooner than after `span`, from any thread.
    public var after: @Sendable (_ span: Duration, _ body: @escaping @Sendable () -> Void) -> Void

    public init(
        uptime: @escaping @Sendable () -> Uptime, wall: @escaping @Sendable () -> Timestamp,
        after: @escaping @Sendable (Duration, @escaping @Sendable () -> Void) -> Void
    ) {
        self.uptime = uptime
        self.wall = wall
        self.after = after
    }

    /// The machine's own clocks, woken by an event loop's timers.
    public static func system(
        wall: @escaping @Sendable () -> Timestamp, timers: any EventLoop
    ) -> SyncClock {
        SyncClock(
            uptime: { Uptime(nanoseconds: Int64(clamping: DispatchTime.now().uptimeNanoseconds)) },
            wall: wall,
            after: { span, body in
                _ = timers.scheduleTask(in: TimeAmount(span)) { body() }
            })
    }

    /// Suspends for at least `span`.
    func pause(_ span: Duration) async {
        await withCheckedContinuation { waiting in after(span) { waiting.resume() } }
    }
}
