// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayServer
import RelaySession

/// `[relay.negentropy]`: sets that clients reconcile theirs with (NIP-77).
struct NegentropySettings: Sendable {
    var isEnabled = true
    /// Events of one set.
    var maxRecords = RelayServerLimits().reconciledEvents
    /// Reconciliations open on one connection.
    var maxSessions = SessionLimits().reconciliations
    /// How long a client may say nothing.
    var idle = SessionLimits().reconciliationPatience
    /// What all sets together may take, in **MiB**.
    var maxHeldMiB = RelayServerLimits().setBytes >> 20

    func apply(to configuration: inout RelayServerConfiguration) {
        configuration.features.negentropy = isEnabled
        configuration.serverLimits.reconciledEvents = maxRecords
        configuration.serverLimits.setBytes = maxHeldMiB << 20
        configuration.sessionLimits.reconciliations = maxSessions
        configuration.sessionLimits.reconciliationPatience = idle
    }
}
