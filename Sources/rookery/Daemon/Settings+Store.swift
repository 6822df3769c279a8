// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import RelayServer
import RelaySession
import RepositoryRules

extension Settings {
    /// The data directory.
    var directory: DataDirectory { DataDirectory(dataDirectory) }

    /// How the store is opened; `tables` are those of the modules that take part.
    func storeOptions(tables: [SideTable] = []) -> StoreOptions {
        // LMDB wants whole pages.
        let pages = (store.mapSizeGiB * Double(1 << 30) / 4096).rounded(.up)
        return StoreOptions(
            path: directory.store, mapSize: Int(pages) * 4096,
            durability: store.durability == .sync ? .sync : .relaxed, sideTables: tables)
    }

    /// What may be stored.
    var admissionRules: AdmissionRules {
        switch relay.admission {
        case .open: .open
        case .grasp: .grasp(GraspAdmission(service: ServiceAuthority(relay.domain), archive: sync.archive))
        }
    }

    /// What may be stored, and from whom.
    func admission(_ lists: ModerationLists) -> Admission {
        var publishing = relay.limits.shown.publishing
        publishing.maxEventBytes = min(relay.limits.maxEventBytes, relay.limits.shown.maxMessageLength)
        return Admission(rules: admissionRules, limits: publishing, lists: lists)
    }
}
