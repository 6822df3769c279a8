// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
public import NostrCore
public import TweetCore

extension BridgeStore {
    /// The event that mirrors a version of a post.
    public func mirror(_ id: PostID) throws(BridgeStoreError) -> MirrorRow? { try read(.mirror(id)) }

    /// What an event of ours mirrors; `nil` for events that are none of ours.
    public func mirrored(_ id: EventID) throws(BridgeStoreError) -> MirroredRow? { try read(.mirrored(id)) }

    /// Versions of posts that are mirrored, by number, those behind `after`.
    public func mirrors(after: PostID? = nil, limit: Int) throws(BridgeStoreError) -> [(PostID, MirrorRow)] {
        let start = after.map { RowKey("t").with($0).with(byte: 0xFF).bytes }
        var found: [(PostID, MirrorRow)] = []
        for row in try rows(BridgeTables.mirrors, RowKey("t"), after: start, limit: limit) {
            var reader = KeyReader(row.key)
            guard let number = reader.number() else { continue }
            found.append((PostID(number), try RowCodec.decode(row.value, as: MirrorRow.self)))
        }
        return found
    }

    /// Step two: stores signed events with all that follows from it, in one transaction.
    ///
    /// A publication whose post is not waiting any more does nothing, so it may be tried again after any failure.
    public func publish(_ publication: Publication) async throws(BridgeStoreError) -> PublicationResult {
        guard let result = try await publish([publication]).first else { return .alreadyDone }
        return result
    }

    /// The same of several, in order, in one transaction; each has its own result.
    public func publish(_ publications: [Publication]) async throws(BridgeStoreError) -> [PublicationResult] {
        let (results, verdicts) = try await changeEvents { draft throws(BridgeStoreError) in
            var results: [PublicationResult] = []
            for publication in publications { results.append(try draft.publish(publication, limits)) }
            return results
        }
        var refused: [EventID: String] = [:]
        var place = verdicts.startIndex
        for case .published(let ids) in results {
            for id in ids where place < verdicts.endIndex {
                if let reason = verdicts[place].refusal { refused[id] = reason }
                place += 1
            }
        }
        var final = results
        for (index, publication) in publications.enumerated() {
            guard case .published(let ids) = results[index],
                let bad = ids.first(where: { refused[$0] != nil }), let reason = refused[bad]
            else { continue }
            try await disown(publication, ids.filter { refused[$0] != nil }, reason)
            final[index] = .refused(bad, reason)
        }
        tell(.outbox)
        return final
    }

    /// Takes back what was written about events that our own relay did not take.
    private func disown(
        _ publication: Publication, _ ids: [EventID], _ reason: String
    ) async throws(BridgeStoreError) {
        try await change { draft throws(BridgeStoreError) in
            for id in ids {
                try draft.withdrawDeliveries(of: id, reason: reason)
                guard let mirrored = try draft.read(.mirrored(id)) else { continue }
                try draft.remove(.mirrored(id))
                guard let post = mirrored.post, let row = try draft.read(.mirror(post)), row.id == id else {
                    continue
                }
                try draft.remove(.mirror(post))
                let state = PostState(.refused, reason: String(reason.prefix(500)), at: draft.now)
                try draft.write(.state(of: post), state)
                try draft.fail(row.moderation, by: publication.worker, reason: reason)
            }
        }
    }
}

extension Verdict {
    /// Why an event is not in our own relay; `nil` when it is, or when a newer version is.
    fileprivate var refusal: String? {
        switch self {
        case .stored, .duplicate, .superseded, .ephemeral: nil
        case .held, .heldForLength: "held: our own relay knows nothing that it refers to"
        case .shadowed, .rejected, .failed: ok.message
        }
    }
}

extension Draft {
    fileprivate mutating func publish(
        _ publication: Publication, _ limits: BridgeStoreLimits
    ) throws(BridgeStoreError) -> PublicationResult {
        var approved: UInt64?
        if let (author, post) = publication.todo {
            guard let todo = try read(.todo(author, post)) else { return .alreadyDone }
            if try read(.mirror(post)) != nil {
                // As part of another publication.
                try remove(.todo(author, post))
                try execute(todo.moderation, by: publication.worker)
                return .alreadyDone
            }
            if let number = todo.moderation {
                guard let item = try read(.item(number)) else { throw .missing("item \(number)") }
                guard item.state == .approved else { return .notApproved(item.state) }
                approved = number
            }
            try remove(.todo(author, post))
            try execute(approved, by: publication.worker)
        }
        var relays: [UInt32] = []
        if !publication.relays.isEmpty, publication.parts.contains(where: { $0.isForAll }) {
            for relay in publication.relays { relays.append(try number(of: relay, limits)) }
        }
        var stored: [EventID] = []
        for part in publication.parts where try enter(part, publication, approved) {
            add(part.event)
            stored.append(part.event.id)
            let targets =
                if case .deletion(let ids) = part.role { try takeBack(ids, by: part.event) } else { relays }
            for relay in targets { try enqueue(part.event.id, to: relay) }
        }
        for (key, value) in publication.remember { try remember(key, value, limits) }
        return .published(stored)
    }

    /// - Returns: whether its event is to be stored.
    private mutating func enter(
        _ part: Publication.Part, _ publication: Publication, _ approved: UInt64?
    ) throws(BridgeStoreError) -> Bool {
        let event = part.event
        let kind = event.kind.rawValue
        switch part.role {
        case .mirror(let post, let first):
            guard try read(.mirror(post)) == nil else { return false }
            let item = publication.todo?.post == post ? approved : nil
            try write(
                .mirror(post),
                MirrorRow(
                    event: event.id.hex, pubkey: event.pubkey.hex, kind: kind, epoch: publication.epoch,
                    first: first, moderation: item, at: now))
            try write(
                .mirrored(event.id), MirroredRow(post: post, user: nil, kind: kind, epoch: publication.epoch))
            try write(.state(of: post), PostState(.mirrored, at: now))
        case .profile(let user):
            try write(
                .mirrored(event.id), MirroredRow(post: nil, user: user, kind: kind, epoch: publication.epoch))
        case .deletion:
            guard try read(.mirrored(event.id)) == nil else { return false }
            try write(
                .mirrored(event.id), MirroredRow(post: nil, user: nil, kind: kind, epoch: publication.epoch))
        }
        return true
    }

    /// Marks events as taken back.
    ///
    /// - Returns: the relays that may have any of them.
    private mutating func takeBack(_ ids: [EventID], by deletion: Event) throws(BridgeStoreError) -> [UInt32]
    {
        var relays: Set<UInt32> = []
        for id in ids {
            var mirrored = try read(.mirrored(id))
            if let post = mirrored?.post, var row = try read(.mirror(post)), row.id == id {
                row.deletion = deletion.id.hex
                try write(.mirror(post), row)
                try write(.state(of: post), PostState(.deleted, at: now))
            } else if mirrored?.user != nil {
                mirrored?.deletion = deletion.id.hex
                if let mirrored { try write(.mirrored(id), mirrored) }
            }
            relays.formUnion(try withdrawDeliveries(of: id, reason: "deleted"))
        }
        return relays.sorted()
    }

    /// What a worker has done.
    mutating func execute(_ number: UInt64?, by worker: String) throws(BridgeStoreError) {
        guard let number, var item = try read(.item(number)) else { return }
        let before = item
        guard let entry = item.become(.executed, by: .worker(worker), reason: "", at: now) else { return }
        try save(item, instead: before, entry)
    }
}

extension Publication.Part {
    /// Whether it goes to the relays that are named.
    fileprivate var isForAll: Bool { if case .deletion = role { false } else { true } }
}
