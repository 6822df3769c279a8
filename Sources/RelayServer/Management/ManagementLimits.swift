// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Every bound of the management interface.
public struct ManagementLimits: Hashable, Sendable {
    /// **Bytes** of a call.
    public var callBytes = 65_536
    /// Signed requests (NIP-98) that are remembered, so that none is used twice; each for two minutes at most.
    public var shownProofs = 10_000
    /// Reports (NIP-56) that are looked through for events that need moderation, the newest.
    public var reports = 500
    /// Events that one of them may name; others in it are passed over.
    public var eventsPerReport = 20
    /// Events that are told to need moderation.
    public var reportedEvents = 1_000
    /// **Code points** of a reason that are told.
    public var reasonLength = 256

    public init() {}
}
