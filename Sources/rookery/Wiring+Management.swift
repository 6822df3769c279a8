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
        reloading.hooks.add { _, changed in moderation.lists.managed.information.remarks(on: changed) }
        for remark in moderation.lists.managed.information.remarks(on: settings.setKeys) {
            logger.notice("management goes before the configuration", metadata: [LogKey.change: "\(remark)"])
        }
    }
}

extension InformationChange {
    /// What management tells in place of the keys that an operator has set.
    func remarks(on keys: Set<String>) -> [String] {
        let told = [
            ("relay.name", name, ManagementMethod.changerelayname),
            ("relay.description", description, .changerelaydescription),
            ("relay.icon", icon, .changerelayicon),
        ]
        return told.compactMap { key, text, method in
            guard let text, keys.contains(key) else { return nil }
            return "clients are told \(ConfigKey.shown(text)) in place of \(key), as management has set it; "
                + "\(method.rawValue) with an empty text undoes that"
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
            LogKey.method: "\(record.method.rawValue)", LogKey.parameters: "\(record.parameters.prefix(512))",
        ]
        defer {
            for opening in record.openings {
                warning(
                    "the last entry of a list is gone",
                    metadata: [LogKey.list: "\(opening.rawValue)", LogKey.change: "\(opening.consequence)"])
            }
        }
        guard let failure = record.failure else { return notice("changed by an admin", metadata: metadata) }
        metadata[LogKey.reason] = "\(failure)"
        warning("an admin could not change something", metadata: metadata)
    }
}
