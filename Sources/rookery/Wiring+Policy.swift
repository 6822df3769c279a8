// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NostrCore
import RelayServer
import SyncEngine
import Telemetry

extension Wiring {
    /// Whoever is asked about new events; nobody as long as no command is set.
    func policyPlugin() throws -> WritePolicyPlugin {
        let logger = output.logger("plugin")
        do { return try WritePolicyPlugin(settings.relay.plugin) { $0.tell(logger) } } catch {
            throw CommandFailure("relay.plugin: \(error)")
        }
    }

    /// Puts the operator's lists in force with everybody but the door, which knows them.
    func moderate(_ own: borrowing OwnStore, server: RelayServer, manager: SyncManager?) {
        own.moderation.observe { lists in
            server.block(AddressPrefixSet(lists.blockedAddresses))
            manager?.reconfigure(curation: lists.curation)
        }
        own.moderation.clear()
    }
}
