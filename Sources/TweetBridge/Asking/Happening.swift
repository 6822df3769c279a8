// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// What the activity stream tells those who follow it.
public enum Happening: Hashable, Sendable {
    /// The stream is connected, for the first time or again: what happened before is found by polling.
    case connected
    case event(StreamEvent)
    /// It is gone, and dialled again in a while.
    case disconnected
}

/// Bounds of the activity stream.
public struct StreamLimits: Hashable, Sendable {
    /// **Bytes** of one line.
    public var lineMax = 512 << 10
    /// What was read and not yet taken. Beyond it the connection is given up: whoever hears of the next one polls.
    public var waitingMax = 256
    /// Events remembered, so that none is told twice.
    public var rememberedMax = 4_096

    public init() {}
}
