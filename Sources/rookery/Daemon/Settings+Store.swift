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

    /// Where the relay's secret key is.
    var relayKeyFile: String { relay.keyFile.isEmpty ? directory.relayKey : relay.keyFile }

    /// How the store is opened; `tables` are those of the modules that take part.
    func storeOptions(tables: [SideTable] = []) -> StoreOptions {
        // LMDB wants whole pages.
        let pages = (store.mapSizeGiB * Double(1 << 30) / 4096).rounded(.up)
        var options = StoreOptions(
            path: directory.store, mapSize: Int(pages) * 4096,
            durability: store.durability == .sync ? .sync : .relaxed, sideTables: tables)
        options.indexesWords = relay.hasSearch
        options.trees = store.trees.map { NegentropyTree($0, leavingOut: RelayFeatures.privateKinds) }
        options.groups = store.keepsGroups ? RepositoryGroups(leavingOut: RelayFeatures.privateKinds) : nil
        return options
    }

    /// Which requests to vanish are obeyed, also by whom nobody can reach.
    ///
    /// - Parameter address: where the relay listens, once that is known.
    func vanishPolicy(listening address: ListenAddress? = nil) -> VanishPolicy {
        let address = address ?? relay.listen
        return VanishPolicy(
            authorities: ServiceAuthority.own(
                domain: ServiceAuthority(relay.domain), listening: "\(address)", port: address.port))
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
        var admission = Admission(
            rules: admissionRules, limits: relay.limits.shown.publishing, lists: lists)
        admission.vanishing = vanishPolicy()
        return admission
    }
}
