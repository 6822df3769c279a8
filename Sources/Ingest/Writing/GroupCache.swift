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
    let interest: RepositoryInterest
    /// **Bytes**.
    private let capacity: Int
    private var groups: [TagValue: RepositoryGroup] = [:]
    /// About what `groups` take, in **bytes**.
    private(set) var weight = 0

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
            guard let announcement = RepositoryAnnouncement(event, for: interest.service) else { continue }
            _ = group.upsert(announcement)
        }
        let added = group.announcements.values.reduce(identifier.bytes.count + 256) { $0 + $1.weight }
        if weight + added > capacity { forget() }
        guard added <= capacity else { return group }
        groups[identifier] = group
        weight += added
        return group
    }

    /// Takes in an announcement that was stored.
    ///
    /// - Returns: the keys that gained authority by it; `nil` when that is not known here.
    func stored(_ announcement: RepositoryAnnouncement) -> [PublicKey]? {
        change(announcement.owner, of: announcement.identifier) { $0.upsert(announcement) }?.gained
    }

    /// Forgets announcements that were removed. A replaced one goes when its successor is taken in.
    func removed(_ removals: [Removal]) {
        for removal in removals where removal.kind == .repositoryAnnouncement && removal.reason != .replaced {
            guard let address = removal.address else { continue }
            _ = change(address.pubkey, of: address.identifier) { $0.remove(address.pubkey, id: removal.id) }
        }
    }

    func forget() {
        groups = [:]
        weight = 0
    }

    private func change(
        _ owner: PublicKey, of identifier: TagValue, _ body: (inout RepositoryGroup) -> AuthorityChange
    ) -> AuthorityChange? {
        guard let index = groups.index(forKey: identifier) else { return nil }
        let before = groups.values[index].announcements[owner]?.weight ?? 0
        let change = body(&groups.values[index])
        weight += (groups.values[index].announcements[owner]?.weight ?? 0) - before
        return change
    }
}

extension RepositoryAnnouncement {
    /// About what it takes in memory, in **bytes**.
    fileprivate var weight: Int {
        let relays = relays.reduce(0) { $0 + 3 * $1.text.utf8.count + 96 }
        let clones = cloneURLs.reduce(0) { $0 + $1.utf8.count + 32 }
        return 512 + identifier.bytes.count + relays + clones + 96 * maintainers.count
    }
}
