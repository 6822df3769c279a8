// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import RepositoryRules

/// The announcements of the identifiers that were asked about lately. Confined to the writer's thread.
///
/// Kept in step with what the writer stores and removes; when it holds too much it forgets everything, and
/// when a transaction is taken back it must.
final class GroupCache {
    private let interest: RepositoryInterest
    private let capacity: Int
    private var groups: [TagValue: RepositoryGroup] = [:]
    /// Announcements in `groups`, and one for each of them.
    private var weight = 0

    init(interest: RepositoryInterest, capacity: Int) {
        self.interest = interest
        self.capacity = capacity
    }

    /// The announcements of an identifier, as the open transaction sees them.
    func group(of identifier: TagValue, in view: TransactionView) throws(StoreError) -> RepositoryGroup {
        if let group = groups[identifier] { return group }
        var group = RepositoryGroup(interest: interest)
        let filter = Filter(kinds: [.repositoryAnnouncement], tags: ["d": [identifier]])
        let limit = RepositoryLimits.announcementsPerIdentifier
        for event in try view.events(matching: filter, limit: limit) {
            if let announcement = RepositoryAnnouncement(event) { _ = group.upsert(announcement) }
        }
        if weight > capacity { forget() }
        groups[identifier] = group
        weight += 1 + group.announcements.count
        return group
    }

    /// Takes in an announcement that was stored.
    ///
    /// - Returns: the keys that gained authority by it; `nil` when that is not known here.
    func stored(_ announcement: RepositoryAnnouncement) -> [PublicKey]? {
        guard groups[announcement.identifier] != nil else { return nil }
        weight += 1
        return groups[announcement.identifier]?.upsert(announcement).gained
    }

    /// Forgets announcements that were removed. A replaced one goes when its successor is taken in.
    func removed(_ removals: [Removal]) {
        for removal in removals where removal.kind == .repositoryAnnouncement && removal.reason != .replaced {
            guard let address = removal.address else { continue }
            _ = groups[address.identifier]?.remove(address.pubkey, id: removal.id)
        }
    }

    func forget() {
        groups = [:]
        weight = 0
    }
}
