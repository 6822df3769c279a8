// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

package import NostrCore

// Items by what they are, for those who look from outside.
extension SyncPlanner {
    /// Complete at a relay, and followed live there.
    package func confirmed(at relay: RelayURL) -> Set<SyncItem> { named(relays[relay]?.confirmed) }

    package func pendingItems(of relay: RelayURL) -> Set<SyncItem> { named(pending.items(of: relay)) }

    /// What was complete at a relay once.
    package func itemsWithCursors(of relay: RelayURL) -> Set<SyncItem> { named(relays[relay]?.cursors.items) }

    /// Those whose cursor is the relay's own where that is later.
    package func itemsCoveredAsOne(at relay: RelayURL) -> Set<SyncItem> {
        named(relays[relay].map { $0.cursors.items.subtracting($0.behind) })
    }

    /// Whether everything that a batch in flight asks for is still wanted.
    package func isAllWanted(_ batch: Batch) -> Bool {
        batch.items.subtracting(relays[batch.link.relay]?.wanted ?? ItemSet()).isEmpty
    }

    /// Everything wanted because of one repository.
    package func items(of repository: EventAddress) -> Set<SyncItem> {
        named(repositories.entries[repository]?.items)
    }

    private func named(_ set: ItemSet?) -> Set<SyncItem> { Set((set ?? ItemSet()).map { items[$0] }) }
}
