// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Stored events that are to go in one transaction, by name.
public struct RemovalOrder: Sendable, Hashable {
    public var ids: [EventID]
    /// Whether they must not come again, whoever sends them.
    public var leavesTombstones: Bool
    /// Those that name or are named by an event that is numbered from here on stay; `nil`: all go.
    public var sparesLinksFrom: UInt64?

    public init(ids: [EventID], leavesTombstones: Bool = false, sparesLinksFrom: UInt64? = nil) {
        self.ids = ids
        self.leavesTombstones = leavesTombstones
        self.sparesLinksFrom = sparesLinksFrom
    }

    /// Ids of one order at most: more would keep clients waiting.
    public static let idsMax = 1_000
}
