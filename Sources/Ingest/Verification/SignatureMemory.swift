// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Which signatures were found true lately, and which are being checked at this moment.
///
/// Keyed by id **and** signature, and entered only when both were true: a bad copy of an event neither
/// passes for the good one nor stands in its way.
struct SignatureMemory {
    struct Key: Hashable {
        let id: EventID
        let r: Bytes32
        let s: Bytes32

        /// - Returns: `nil` unless the signature is 128 digits.
        init?(_ event: Event) {
            let json = event.json.span
            // `…","sig":"` 128 digits `"}`
            let end = json.count - 2
            guard end >= 128, let r = Hex.decode32(json.extracting((end - 128)..<(end - 64))),
                let s = Hex.decode32(json.extracting((end - 64)..<end))
            else { return nil }
            id = event.id
            self.r = r
            self.s = s
        }
    }

    enum Claim {
        /// It is true.
        case known
        /// The caller checks it now and then calls ``SignatureMemory/release(_:isTrue:)``.
        case yours
        /// Somebody else is checking it now.
        case taken
    }

    private var known: RecentSet<Key>
    private var claimed: Set<Key> = []

    init(capacity: Int) { known = RecentSet(capacity: capacity) }

    mutating func claim(_ key: Key) -> Claim {
        if known.contains(key) { return .known }
        return claimed.insert(key).inserted ? .yours : .taken
    }

    mutating func release(_ key: Key, isTrue: Bool) {
        claimed.remove(key)
        if isTrue { known.insert(key) }
    }
}
