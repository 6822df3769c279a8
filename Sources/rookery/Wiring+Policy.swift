// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NostrCore
import RelayServer
import SyncEngine

extension Wiring {
    /// Puts the operator's lists in force with everybody but the door, which knows them.
    func moderate(_ own: borrowing OwnStore, server: RelayServer, manager: SyncManager?) {
        own.moderation.observe { lists in
            server.block(AddressPrefixSet(lists.blockedAddresses))
            manager?.reconfigure(curation: lists.curation)
        }
        own.moderation.clear()
    }
}
