// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules

/// An event that waits in the holding area, and what it waits for.
struct HeldEvent {
    let event: Event
    /// Its own address, by which it may be named.
    let address: EventAddress?
    /// Ids whose acceptance would make it acceptable.
    let ids: [EventID]
    let addresses: [EventAddress]
    /// Announcements and states wait for authority over a repository of this identifier.
    let repository: TagValue?
    /// Whom a gift wrap (NIP-59) is for.
    let recipients: [PublicKey]
    /// The order of arrival.
    let serial: UInt64
    let expires: Timestamp

    init(_ event: Event, serial: UInt64, expires: Timestamp) {
        self.event = event
        self.serial = serial
        self.expires = expires
        address = event.address
        recipients = event.kind == .giftWrap ? Array(Set(event.layout.recipients(in: event.json.span))) : []
        switch event.kind {
        case .repositoryAnnouncement, .repositoryState:
            repository = event.identifier
            ids = []
            addresses = []
        case .metadata, .contacts:
            repository = nil
            ids = []
            addresses = []
        default:
            repository = nil
            let references = EventReferences(event)
            ids = references.ids
            addresses = references.addresses
        }
    }

    /// **Bytes** that it costs to hold, its places in the indexes included.
    var cost: Int {
        let identifiers = addresses.reduce(address?.identifier.bytes.count ?? 0) {
            $0 + $1.identifier.bytes.count
        }
        return event.json.count + identifiers + 256 + 160 * (ids.count + addresses.count + recipients.count)
    }
}
