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

    /// Whoever is asked about requests, as the settings say; `nil` for nobody.
    static func readPolicy(_ relay: RelaySettings, _ plugin: WritePolicyPlugin) -> (any ReadPolicy)? {
        var policies: [any ReadPolicy] = []
        // The list asks for a key, too.
        if relay.policy.readsNeedAuthentication, relay.policy.readers.isEmpty {
            policies.append(ImmediateReadPolicy.authenticatedReaders)
        }
        if !relay.policy.readers.isEmpty {
            policies.append(ImmediateReadPolicy.readers(Set(relay.policy.readers)))
        }
        if relay.plugin.reads, !relay.plugin.command.isEmpty { policies.append(plugin) }
        return policies.count < 2 ? policies.first : ReadPolicyChain(policies)
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
