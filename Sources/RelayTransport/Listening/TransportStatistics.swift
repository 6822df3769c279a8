// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a ``Listener`` has seen since it started.
public struct TransportStatistics: Hashable, Sendable {
    /// TCP connections open now.
    public var openConnections = 0
    /// WebSocket conversations open now.
    public var openWebSockets = 0
    /// TCP connections accepted.
    public var acceptedConnections = 0
    /// Connections refused because ``TransportLimits/maxConnections`` were open.
    public var refusedFull = 0
    /// Connections refused because one address had ``TransportLimits/maxConnectionsPerAddress`` open.
    public var refusedPerAddress = 0
    /// Connections refused because one from the same address had been expelled, or the address is blocked.
    public var refusedBarred = 0
    /// Connections cut before they asked: far too many, or the listener is shutting down.
    public var droppedConnections = 0
    /// Conversations ended because the reader was too slow.
    public var closedTooSlow = 0
    /// Conversations ended because the other side fell silent.
    public var closedSilent = 0
    /// Conversations ended because the other side broke the protocol.
    public var closedViolation = 0
    /// Bytes that wait to be sent, over all connections.
    public var queuedBytes = 0

    /// Connections that were refused, for whatever reason.
    public var refusedConnections: Int {
        refusedFull + refusedPerAddress + refusedBarred + droppedConnections
    }

    public init() {}
}
