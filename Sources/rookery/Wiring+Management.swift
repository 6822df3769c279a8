// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import Logging
import NIOConcurrencyHelpers
import NostrCore
import RelayServer
import Telemetry

extension Wiring {
    /// Lets the operator's keys manage the relay from afar, and keeps what NIP-11 tells up to date.
    func manage(_ own: borrowing OwnStore, server: RelayServer, key: PublicKey, _ reloading: Reloading) {
        let (moderation, logger) = (own.moderation, output.logger("management"))
        server.beManaged(by: settings.admins, through: moderation) { logger.note($0) }
        let current = NIOLockedValueBox(settings)
        let tell: @Sendable (ModerationLists) -> Void = { lists in
            let settings = current.withLockedValue { $0 }
            server.tell { $0 = settings.information(key: key, lists) }
        }
        moderation.observe(tell)
        reloading.hooks.add { settings in
            current.withLockedValue { $0 = settings }
            server.adopt(admins: settings.admins)
            tell(moderation.lists)
        }
    }
}

extension Settings {
    /// Who may manage the relay from afar.
    var admins: Set<PublicKey> { Set(relay.admins + [PublicKey(hex: relay.publicKey)].compactMap { $0 }) }
}

extension Logger {
    /// Who changed what, or tried to.
    fileprivate func note(_ record: ManagementRecord) {
        var metadata: Metadata = [
            LogKey.publicKey: "\(record.admin)",
            LogKey.change: "\(String(describing: record.change).prefix(512))",
        ]
        guard let failure = record.failure else { return notice("changed by an admin", metadata: metadata) }
        metadata[LogKey.reason] = "\(failure)"
        warning("an admin could not change something", metadata: metadata)
    }
}
