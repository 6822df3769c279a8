// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// The time that posting goes by, handed in so that tests may turn it.
public struct PostingClock: Sendable {
    public var uptime: @Sendable () -> Uptime
    /// **Milliseconds** since 1970.
    public var wall: @Sendable () -> Int64
    /// Suspends for a span, or until the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void

    public init(
        uptime: @escaping @Sendable () -> Uptime, wall: @escaping @Sendable () -> Int64,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.uptime = uptime
        self.wall = wall
        self.sleep = sleep
    }
}

/// What is told about posting, for logs and metrics. It must only take note.
public protocol PostingObserver: Sendable {
    func sent(to relay: RelayURL)
    func settled(_ outcome: DeliveryOutcome, at relay: RelayURL)
    func failed(_ reason: String, at relay: RelayURL, retryIn: Duration)
}

/// Tells nobody.
public struct SilentPostingObserver: PostingObserver {
    public init() {}
    public func sent(to relay: RelayURL) {}
    public func settled(_ outcome: DeliveryOutcome, at relay: RelayURL) {}
    public func failed(_ reason: String, at relay: RelayURL, retryIn: Duration) {}
}
