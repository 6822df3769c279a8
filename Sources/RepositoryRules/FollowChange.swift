// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What one announcement, or the end of one, did to the set of followed repositories. Sorted by address.
public struct FollowChange: Hashable, Sendable {
    public var started: [EventAddress] = []
    public var stopped: [EventAddress] = []
    /// Followed before and after, by another announcement.
    public var changed: [EventAddress] = []

    public init() {}

    public var isEmpty: Bool { started.isEmpty && stopped.isEmpty && changed.isEmpty }
}
