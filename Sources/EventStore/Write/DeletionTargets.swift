// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What a deletion names (NIP-09). What it has no right to is left out.
struct DeletionTargets: Hashable, Sendable {
    /// Every event id in an `e` tag, once.
    var ids: [EventID] = []
    /// Every address in an `a` tag that is the author's own, once.
    var addresses: [EventAddress] = []

    init(_ deletion: Event) {
        var seenIDs: Set<EventID> = []
        var seenAddresses: Set<EventAddress> = []
        let json = deletion.json.span
        var tags = TagScanner(deletion.layout)
        while let tag = tags.next(in: json) {
            guard let letter = tag.letter(in: json), let value = tag.value(in: json) else { continue }
            switch letter {
            case UInt8(ascii: "e"):
                guard let bytes = Hex.decode32(value.bytes.span) else { continue }
                if seenIDs.insert(EventID(bytes)).inserted { ids.append(EventID(bytes)) }
            case UInt8(ascii: "a"):
                guard let address = EventAddress(value), address.pubkey == deletion.pubkey,
                    address.kind.isAddressable || (address.kind.isReplaceable && address.identifier.isEmpty)
                else { continue }
                if seenAddresses.insert(address).inserted { addresses.append(address) }
            default: continue
            }
        }
    }
}
