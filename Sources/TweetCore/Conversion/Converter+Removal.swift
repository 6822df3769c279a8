// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

extension Converter {
    /// Requests to delete events (NIP-09), at most ``ConversionLimits/deletions`` each; none for no events.
    ///
    /// - Parameter author: who made all of them.
    public func deletions(
        of events: [MirroredEvent], by author: PublicKey, at time: Timestamp, because reason: DeletionReason
    ) -> [Draft] {
        var drafts: [Draft] = []
        var rest = events[...]
        while !rest.isEmpty {
            let batch = rest.prefix(ConversionLimits.deletions)
            rest = rest.dropFirst(batch.count)
            var tags = TagList()
            for event in batch { tags.add("e", event.id.hex) }
            // All versions, also those that a relay has kept instead of a newer one.
            for kind in Set(batch.map(\.kind)).sorted() where kind.isReplaceable {
                tags.add("a", "\(kind):\(author.hex):")
            }
            for kind in Set(batch.map(\.kind)).sorted() { tags.add("k", kind.description) }
            let event = UnsignedEvent(
                pubkey: author, createdAt: time, kind: .deletion, tags: tags.tags, content: reason.text)
            drafts.append(Draft(event, for: .deletion(batch.map(\.id))))
        }
        return drafts
    }

    /// Asks relays to forget all of a mirror (NIP-62).
    ///
    /// - Parameter relays: those that are asked; empty: all.
    public func vanishing(
        of user: UserID, by author: PublicKey, from relays: [String], at time: Timestamp,
        because reason: DeletionReason
    ) -> Draft {
        var tags = TagList()
        for relay in relays.isEmpty ? ["ALL_RELAYS"] : relays { tags.add("relay", relay) }
        let event = UnsignedEvent(
            pubkey: author, createdAt: time, kind: .requestToVanish, tags: tags.tags, content: reason.text)
        return Draft(event, for: .vanishing(user))
    }
}

/// Why an event is to go, as its deletion says.
public enum DeletionReason: String, Hashable, Sendable, Codable, CaseIterable {
    case edited, deleted, protected, suspended, withheld
    /// Who is mirrored does not want to be, or the operator does not want it.
    case optedOut = "opted-out"
    case expired

    /// The text of the request.
    public var text: String {
        switch self {
        case .edited: "edited on X: a newer version takes its place"
        case .deleted: "deleted on X"
        case .protected: "no longer public on X"
        case .suspended: "the account is suspended on X"
        case .withheld: "withheld on X"
        case .optedOut: "this account is no longer mirrored"
        case .expired: "older than this mirror keeps posts"
        }
    }
}
