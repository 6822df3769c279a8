// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import Ingest
public import RelaySession

extension RelayLimits {
    /// The bounds on events, as the one door enforces them: the same numbers that NIP-11 shows.
    public var publishing: PublishingLimits {
        var publishing = PublishingLimits()
        publishing.maxEventBytes = min(maxEventBytes, maxMessageLength)
        publishing.repository.maxEventBytes = maxMessageLength
        publishing.maxEventTags = maxEventTags
        publishing.maxContentLength = maxContentLength
        publishing.createdAtLowerLimit = createdAtLowerLimit
        publishing.createdAtUpperLimit = createdAtUpperLimit
        publishing.minPowDifficulty = minProofOfWork
        return publishing
    }
}
