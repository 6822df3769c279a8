// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NostrCore
import TweetCore

/// An event of ours, and what it is.
struct PublishedEvent: Hashable, Sendable {
    let id: EventID
    let row: MirroredRow
}

extension BridgeStore {
    /// Every event that the bridge has published, by id, those behind `after`: a slow look at everything.
    func published(after: EventID?, limit: Int) throws(BridgeStoreError) -> [PublishedEvent] {
        let start = after.map { RowKey("e").with($0).bytes }
        var found: [PublishedEvent] = []
        for row in try rows(BridgeTables.mirrors, RowKey("e"), after: start, limit: limit) {
            var reader = KeyReader(row.key)
            guard let id = reader.event() else { continue }
            found.append(PublishedEvent(id: id, row: try RowCodec.decode(row.value, as: MirroredRow.self)))
        }
        return found
    }

    /// Whether an event is of this account's mirror: a post of it, or what it says of itself.
    func isOf(
        _ event: PublishedEvent, user: UserID, _ key: PublicKey
    ) throws(BridgeStoreError) -> Bool {
        if event.row.user == user { return true }
        guard let post = event.row.post, let row = try mirror(post) else { return false }
        return row.id == event.id && row.author == key
    }

    /// The same, and not taken back yet. What a mirror says of itself is marked by ``MirroredRow/deletion``.
    func isStanding(
        _ event: PublishedEvent, of user: UserID, _ key: PublicKey
    ) throws(BridgeStoreError) -> Bool {
        guard event.row.deletion == nil, event.row.kind != Kind.requestToVanish.rawValue,
            try isOf(event, user: user, key)
        else { return false }
        guard let post = event.row.post else { return true }
        return try mirror(post)?.isStanding ?? false
    }

    /// Stores a request to vanish, and has it sent to these relays.
    ///
    /// - Returns: the erasure that it is part of, as it is now.
    func request(
        _ event: Event, of user: UserID, at seconds: Int64, from relays: [UInt32]
    ) async throws(BridgeStoreError) -> ErasureRow {
        let (row, verdicts) = try await changeEvents { draft throws(BridgeStoreError) in
            guard var row = try draft.read(.erasure(user)) else { throw .missing("erasure of \(user)") }
            guard row.request == nil else { return row }
            row.request = event.id.hex
            row.requestedAt = seconds
            try draft.write(.erasure(user), row)
            try draft.write(
                .mirrored(event.id), MirroredRow(post: nil, user: user, kind: event.kind.rawValue, epoch: 0))
            draft.add(event)
            for relay in relays { try draft.enqueue(event.id, to: relay) }
            return row
        }
        for verdict in verdicts {
            guard case .rejected = verdict else { continue }
            throw .refused("our own relay: \(verdict.ok.message)")
        }
        tell(.outbox)
        return row
    }

    /// Nothing of it stands any more: what was remembered of its profile is forgotten, so that it is published anew if the
    /// account ever comes back.
    func endErasure(of user: UserID) async throws(BridgeStoreError) {
        try await change { draft throws(BridgeStoreError) in
            try draft.remove(.erasure(user))
            for key in [StateKey.profilePosted(user), .relayListPosted(user), .mediaServersPosted(user)] {
                if try draft.read(.remembered(key)) != nil { try draft.remove(.remembered(key)) }
            }
        }
    }
}
