// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Finds held events by what they wait for and by what they are.
struct HoldingIndex {
    private var byAwaitedID: [EventID: Set<EventID>] = [:]
    private var byAwaitedAddress: [EventAddress: Set<EventID>] = [:]
    private var byOwnAddress: [EventAddress: Set<EventID>] = [:]
    private var byRepository: [TagValue: Set<EventID>] = [:]
    /// Gift wraps (NIP-59) only.
    private var byRecipient: [PublicKey: Set<EventID>] = [:]

    mutating func insert(_ held: HeldEvent) {
        let id = held.event.id
        for awaited in held.ids { byAwaitedID[awaited, default: []].insert(id) }
        for awaited in held.addresses { byAwaitedAddress[awaited, default: []].insert(id) }
        if let address = held.address { byOwnAddress[address, default: []].insert(id) }
        if let repository = held.repository { byRepository[repository, default: []].insert(id) }
        for recipient in held.recipients { byRecipient[recipient, default: []].insert(id) }
    }

    mutating func remove(_ held: HeldEvent) {
        let id = held.event.id
        for awaited in held.ids { Self.remove(id, at: awaited, from: &byAwaitedID) }
        for awaited in held.addresses { Self.remove(id, at: awaited, from: &byAwaitedAddress) }
        if let address = held.address { Self.remove(id, at: address, from: &byOwnAddress) }
        if let repository = held.repository { Self.remove(id, at: repository, from: &byRepository) }
        for recipient in held.recipients { Self.remove(id, at: recipient, from: &byRecipient) }
    }

    /// Those that name this event.
    func waiting(for event: Event) -> Set<EventID> {
        let byID = byAwaitedID[event.id] ?? []
        guard let address = event.address, let byAddress = byAwaitedAddress[address] else { return byID }
        return byID.union(byAddress)
    }

    /// Announcements and states of this identifier.
    func waiting(forRepository identifier: TagValue) -> Set<EventID> { byRepository[identifier] ?? [] }

    /// Those whose own address this is.
    func living(at address: EventAddress) -> Set<EventID> { byOwnAddress[address] ?? [] }

    /// Gift wraps addressed to a key.
    func wraps(to recipient: PublicKey) -> Set<EventID> { byRecipient[recipient] ?? [] }

    private static func remove<Key: Hashable>(
        _ id: EventID, at key: Key, from table: inout [Key: Set<EventID>]
    ) {
        table[key]?.remove(id)
        if table[key]?.isEmpty == true { table[key] = nil }
    }
}
