// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What every conversation of a relay keeps to: one copy for all of them, however many there are.
public final class SessionTerms: Sendable {
    public let limits: RelayLimits
    public let bounds: SessionLimits
    public let features: RelayFeatures
    /// What somebody may read whom nobody knows.
    let strangersScope: ReadScope

    public init(
        limits: RelayLimits, bounds: SessionLimits = SessionLimits(),
        features: RelayFeatures = RelayFeatures()
    ) {
        self.limits = limits
        self.bounds = bounds
        self.features = features
        strangersScope = ReadScope(guardedKinds: features.guardedKinds)
    }
}
