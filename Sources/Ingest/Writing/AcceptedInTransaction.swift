// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import RepositoryRules

/// What grasp admission may know: the stored events as the open transaction sees them.
struct AcceptedInTransaction: AcceptedEvents {
    let view: TransactionView
    let groups: GroupCache

    func group(of identifier: TagValue) throws(StoreError) -> RepositoryGroup {
        try groups.group(of: identifier, in: view)
    }

    func containsAnchor(_ id: EventID) throws(StoreError) -> Bool {
        try view.kind(of: id)?.isAnchor ?? false
    }

    func containsAnchor(_ address: EventAddress) throws(StoreError) -> Bool {
        guard address.kind.isAnchor else { return false }
        return try view.contains(address)
    }

    func isReferenced(_ id: EventID) throws(StoreError) -> Bool {
        try view.isReferenced(id, ignoring: Kind.fromAnyone, within: RepositoryLimits.references)
    }

    func isReferenced(_ address: EventAddress) throws(StoreError) -> Bool {
        try view.isReferenced(address, ignoring: Kind.fromAnyone, within: RepositoryLimits.references)
    }
}
