// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

/// Makes events of the posts that wait for it: the oldest of each author first, one transaction each.
struct Publisher: Sendable {
    let configuration: BridgeConfiguration
    let store: BridgeStore
    let keys: MirrorKeys
    let profiles: ProfilePublisher
    let media: any MediaReadiness
    let clock: BridgeClock
    let observer: any BridgeObserver
    /// Above which posts of an author wait for older ones.
    let ceiling: @Sendable (UserID) async -> PostID?

    /// Everything that may be mirrored now.
    ///
    /// - Returns: when something more may be, in **milliseconds** since 1970.
    func publishAll() async -> Int64? {
        var next: Int64?
        var author: UserID?
        while !Task.isCancelled {
            do throws(BridgeStoreError) {
                let authors = try store.todoAuthors(after: author, limit: 100)
                guard let last = authors.last else { return next }
                for author in authors { next = earlier(next, try await publish(of: author)) }
                author = last
            } catch {
                observer.failed("mirror posts", error.description)
                return clock.now() + 5_000
            }
        }
        return next
    }

    private func earlier(_ a: Int64?, _ b: Int64?) -> Int64? { [a, b].compactMap(\.self).min() }

    private func publish(of author: UserID) async throws(BridgeStoreError) -> Int64? {
        var after: PostID?
        while !Task.isCancelled {
            let rows = try store.todo(of: author, after: after, limit: BridgeLimits.postsPerTurn)
            let ceiling = await ceiling(author)
            for row in rows {
                if let ceiling, row.post > ceiling, clock.now() - row.addedAt < configuration.orderPatience {
                    return row.addedAt + configuration.orderPatience
                }
                switch try await publish(row, depth: 0) {
                case .done: continue
                // What is newer may have to refer to it.
                case .later(let moment): return moment
                case .waits: continue
                }
            }
            guard rows.count == BridgeLimits.postsPerTurn else { return nil }
            after = rows.last?.post
        }
        return nil
    }

    enum Outcome {
        case done
        /// Not before then.
        case later(Int64)
        /// For somebody's decision: others go on.
        case waits
    }

    func publish(_ row: TodoRow, depth: Int) async throws(BridgeStoreError) -> Outcome {
        let now = clock.now()
        if row.notBefore > now { return .later(row.notBefore) }
        if configuration.isDryRun, row.why == .rehearsed { return .waits }
        guard let post = try store.post(row.post) else {
            try await store.giveUp(row.author, row.post, .skipped, reason: "it is not kept")
            return .done
        }
        if let number = row.moderation, let item = try store.item(number), item.state != .approved {
            return .waits
        }
        if let newer = try store.versions(of: post.first).last, newer > row.post, try store.post(newer) != nil
        {
            try await store.giveUp(
                row.author, row.post, .skipped, reason: "it was edited before it was mirrored")
            return .done
        }
        if configuration.media != .link,
            let wait = try await media.wait(for: post.snapshot, since: row.addedAt, at: now)
        {
            return .later(wait)
        }
        if depth < BridgeLimits.contextDepth {
            for reference in post.snapshot.referenced where reference.post.id < row.post {
                guard let author = reference.post.author,
                    let other = try store.todo(of: author, after: reference.post.id.before, limit: 1).first,
                    other.post == reference.post.id
                else { continue }
                _ = try await publish(other, depth: depth + 1)
            }
        }
        return try await publish(post, row)
    }

    /// Says once that it would be mirrored, and keeps it for the day when it is.
    private func rehearse(_ row: TodoRow) async throws(BridgeStoreError) -> Outcome {
        try await store.postpone(row.author, row.post, .rehearsed, until: row.notBefore)
        observer.rehearsed(row.post, .mirror)
        return .waits
    }

    /// Whose posts may be shown.
    var consent: Consent { Consent(store: store, refusals: configuration.refusals) }

    private func publish(_ post: PostRow, _ row: TodoRow) async throws(BridgeStoreError) -> Outcome {
        if let reason = try consent.refusal(of: post.snapshot) {
            try await store.giveUp(row.author, row.post, .skipped, reason: reason)
            observer.leftOut(row.post, reason)
            return .done
        }
        let key = try await keys.key(of: row.author)
        let snapshot = try consent.told(post.snapshot)
        let resolution = try await resolution(for: snapshot)
        let older = try store.standing(versionsOf: row.post).filter { $0.version < row.post }.map(\.event)
        let drafts: [TweetCore.Draft]
        do throws(ConversionError) {
            drafts = try Converter(configuration.conversion).drafts(
                of: snapshot, by: key.publicKey, with: resolution, inPlaceOf: older)
        } catch {
            try await store.giveUp(row.author, row.post, .skipped, reason: "it can become no event: \(error)")
            observer.leftOut(row.post, "\(error)")
            return .done
        }
        guard let first = drafts.first else {
            try await store.giveUp(row.author, row.post, .skipped, reason: "reposts are left out")
            observer.leftOut(row.post, "reposts are left out")
            return .done
        }
        guard !configuration.isDryRun else { return try await rehearse(row) }
        try await profiles.introduce(row.author)
        var publication = Publication(
            todo: (row.author, row.post), [], relays: configuration.relays,
            epoch: UInt32(truncatingIfNeeded: configuration.conversion.epoch.number))
        for draft in drafts {
            let event = draft.event.signed(by: key)
            switch draft.purpose {
            case .post: publication.parts.append(.init(event, .mirror(row.post, first: post.first)))
            case .deletion(let ids): publication.parts.append(.init(event, .deletion(of: ids)))
            case .profile, .relays, .mediaServers, .vanishing: continue
            }
        }
        switch try await store.publish(publication) {
        case .published(let ids):
            if let id = ids.first { observer.mirrored(row.post, id, kind: first.event.kind) }
        case .alreadyDone: break
        case .notApproved: return .waits
        case .refused(_, let reason): observer.leftOut(row.post, reason)
        }
        return .done
    }
}

/// Whether the media of a post are where its event is to say they are.
protocol MediaReadiness: Sendable {
    /// Until when to wait, in **milliseconds** since 1970; `nil`: all are there, or are not waited for any longer.
    ///
    /// - Parameter start: since when the post waits to be mirrored.
    func wait(
        for snapshot: Snapshot, since start: Int64, at now: Int64
    ) async throws(BridgeStoreError) -> Int64?
    /// Where copies of a medium are.
    func copies(of key: String) throws(BridgeStoreError) -> [MediaCopy]
}

extension PostID {
    /// So that a list behind it begins with this one.
    var before: PostID { PostID(number == 0 ? 0 : number - 1) }
}
