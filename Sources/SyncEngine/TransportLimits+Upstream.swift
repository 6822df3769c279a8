// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import RelayTransport

extension TransportLimits {
    /// Those of a link to an upstream relay: a message with an event of `eventLength` bytes is read, a longer event is
    /// passed over.
    public static func upstream(
        eventLength: Int = TransportLimits().maxMessageLength
    ) -> TransportLimits {
        var limits = TransportLimits()
        limits.maxMessageLength = max(limits.maxMessageLength, eventLength) + SyncEngineLimits.envelopeLength
        limits.maxLengthInParts = max(limits.maxMessageLength, SyncEngineLimits.skippedLengthMax)
        return limits
    }
}
