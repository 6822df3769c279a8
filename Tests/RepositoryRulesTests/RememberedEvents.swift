// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules

/// Accepted events in memory: what grasp admission asks, answered by looking at each.
struct RememberedEvents: AcceptedEvents {
    let interest: RepositoryInterest
    var events: [Event] = []

    func group(of identifier: TagValue) -> RepositoryGroup {
        var group = RepositoryGroup(interest: interest)
        for event in events {
            if let announcement = RepositoryAnnouncement(event, for: interest.service),
                announcement.identifier == identifier
            {
                _ = group.upsert(announcement)
            }
        }
        return group
    }

    private var anchors: some Sequence<Event> { events.lazy.filter(\.kind.isAnchor) }

    func containsAnchor(_ id: EventID) -> Bool { anchors.contains { $0.id == id } }
    func containsAnchor(_ address: EventAddress) -> Bool { anchors.contains { $0.address == address } }
    func isReferenced(_ id: EventID) -> Bool { anchors.contains { EventReferences($0).ids.contains(id) } }
    func isReferenced(_ address: EventAddress) -> Bool {
        anchors.contains { EventReferences($0).addresses.contains(address) }
    }
}
