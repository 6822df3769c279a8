// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How a stand-in is started.
public struct XServerOptions: Sendable {
    public enum Clock: Hashable, Sendable {
        /// Time stands still until ``XWorld/advance(by:)``.
        case virtual(start: XInstant)
        /// Time is that of this machine; what is advanced comes on top of it.
        case real
    }

    public var clock = Clock.virtual(start: XWorld.virtualStart)
    public var settings = XSettings()
    public var limits = XStandInLimits()
    /// Tokens, t.co codes and chance follow from it.
    public var seed: UInt64 = 1
    /// Real time between the heartbeats of a stream. X promises one in 20 s.
    public var heartbeat = Duration.seconds(10)
    /// Threads that answer.
    public var threads = 2

    public init() {}

    /// - Parameter clock: what time goes by.
    public init(clock: Clock, settings: XSettings = XSettings()) {
        self.clock = clock
        self.settings = settings
    }
}
