// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What the store already holds that bears on an event.
struct FoundState: Hashable, Sendable {
    /// This very event.
    var isStored = false
    /// The time up to which the author asked for everything to be gone (NIP-62).
    var vanishedUpTo: Timestamp?
    /// Somebody who may delete this event has done so, by its id (NIP-09).
    var isDeleted = false
    /// The time up to which the author deleted the address (NIP-09).
    var addressDeletedUpTo: Timestamp?
    /// What holds the address now, unless it has expired.
    var current: Version?

    /// One version of a replaceable or addressable event.
    struct Version: Hashable, Sendable {
        var createdAt: Timestamp
        var id: EventID

        /// NIP-01: the newer one, and the lowest id among equals.
        func wins(over other: Version) -> Bool {
            createdAt != other.createdAt ? createdAt > other.createdAt : id < other.id
        }
    }
}

/// What to do with an event.
enum WriteDecision: Hashable, Sendable {
    case refuse(WriteOutcome)
    /// Takes the place of ``FoundState/current``, if there is one.
    case store
}

/// The rules of NIP-01, NIP-09, NIP-40 and NIP-62, without a store.
enum WriteRules {
    /// In this order: what has expired is never known, what is known is never judged again.
    static func judge(
        _ version: FoundState.Version, kind: Kind, expiration: Timestamp?, found: FoundState, now: Timestamp
    ) -> WriteDecision {
        if let expiration, expiration <= now { return .refuse(.expired) }
        if found.isStored { return .refuse(.duplicate) }
        if let time = found.vanishedUpTo, version.createdAt <= time, kind != .requestToVanish {
            return .refuse(.vanished)
        }
        if found.isDeleted, mayBeDeleted(kind) { return .refuse(.deleted) }
        if let time = found.addressDeletedUpTo, version.createdAt <= time { return .refuse(.deleted) }
        if let current = found.current, !version.wins(over: current) { return .refuse(.superseded) }
        return .store
    }

    /// A deletion of a deletion has no effect (NIP-09), nor one of a request to vanish (NIP-62).
    static func mayBeDeleted(_ kind: Kind) -> Bool { kind != .deletion && kind != .requestToVanish }

    /// Whether a deletion by `author` reaches an event: its own, or a gift wrap addressed to it (NIP-59).
    static func mayDelete(
        _ author: PublicKey, kind: Kind, pubkey: PublicKey, isAddressedTo: (PublicKey) -> Bool
    ) -> Bool {
        mayBeDeleted(kind) && (pubkey == author || (kind == .giftWrap && isAddressedTo(author)))
    }
}
