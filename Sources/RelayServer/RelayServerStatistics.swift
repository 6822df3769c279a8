// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import RelayTransport

/// What the server holds at this moment.
public struct RelayServerStatistics: Hashable, Sendable {
    public var transport = TransportStatistics()
    /// Subscriptions open over all connections.
    public var subscriptions = 0
    /// Readings of the store that wait for a thread.
    public var waitingReads = 0
    /// Feed items that wait for an event loop.
    public var waitingFeedItems = 0

    /// Reconciliations whose set is there, or being read (NIP-77).
    public var reconciliations = 0
    /// **Bytes** that their sets take.
    public var setBytes = 0

    public init() {}
}
