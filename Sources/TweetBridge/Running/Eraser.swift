// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

/// Takes back everything that a mirror has published: posts, profile, relay list and media servers, at every relay that
/// may have any of it. Each step is a transaction and none is needed twice, so an end in between costs nothing.
///
///     begun ─▶ waiting posts given up ─▶ (asked to vanish) ─▶ events deleted, some at a time ─▶ forgotten
struct Eraser: Sendable {
    let configuration: BridgeConfiguration
    let store: BridgeStore
    let keys: MirrorKeys
    let clock: BridgeClock
    let observer: any BridgeObserver
    private let turns = ErasingTurns()

    /// Events that one transaction takes back.
    private static let batch = 40
    /// Rows looked at in one reading.
    private static let page = 500

    init(
        _ configuration: BridgeConfiguration, store: BridgeStore, keys: MirrorKeys, clock: BridgeClock,
        observer: any BridgeObserver
    ) {
        self.configuration = configuration
        self.store = store
        self.keys = keys
        self.clock = clock
        self.observer = observer
    }

    /// Everything that was begun.
    func work() async throws(BridgeStoreError) {
        for row in try store.erasures() where !Task.isCancelled {
            if try !store.isHandedOver(row.user) { _ = try await finish(row.user) }
        }
    }

    /// - Returns: how many events were taken back; 0 where nothing was begun.
    @discardableResult
    func finish(_ user: UserID) async throws(BridgeStoreError) -> Int {
        try await turns.run(user) {
            do throws(BridgeStoreError) { return .success(try await erase(user)) } catch {
                return .failure(error)
            }
        }
    }

    private func erase(_ user: UserID) async throws(BridgeStoreError) -> Int {
        guard var row = try store.erasure(of: user) else { return 0 }
        observer.erasing(user, row.reason)
        try await giveUpWaiting(user)
        let key = try await keys.key(of: user)
        if let relays = row.vanishing, row.request == nil {
            row = try await vanish(row, naming: relays, key)
        }
        var (count, isWhole) = (0, true)
        func takeBackAll(_ batch: [MirroredEvent]) async throws(BridgeStoreError) {
            let taken = try await takeBack(batch, row, key)
            count += taken
            if taken < batch.count { isWhole = false }
        }
        var (batch, after) = ([MirroredEvent](), EventID?.none)
        while !Task.isCancelled {
            let page = try store.published(after: after, limit: Self.page)
            for entry in page where try store.isStanding(entry, of: user, key.publicKey) {
                batch.append(MirroredEvent(id: entry.id, pubkey: key.publicKey, kind: Kind(entry.row.kind)))
                guard batch.count == Self.batch else { continue }
                try await takeBackAll(batch)
                batch = []
            }
            guard page.count == Self.page, let last = page.last?.id else {
                try await takeBackAll(batch)
                guard isWhole else {
                    observer.failed("take back what was mirrored", "our relay refuses a deletion")
                    return count
                }
                try await store.endErasure(of: user)
                observer.erased(user, count, row.reason)
                return count
            }
            after = last
        }
        return count
    }

    private func giveUpWaiting(_ user: UserID) async throws(BridgeStoreError) {
        // Of an account that goes on, only what is published is taken back.
        guard try store.account(user)?.isActive != true else { return }
        while case let rows = try store.todo(of: user, limit: Self.page), !rows.isEmpty {
            for row in rows {
                try await store.giveUp(user, row.post, .skipped, reason: "its account is not mirrored")
            }
        }
    }

    /// NIP-62, before all else: what is deleted after it, at a later second, it does not undo.
    private func vanish(
        _ row: ErasureRow, naming relays: [String], _ key: SecretKey
    ) async throws(BridgeStoreError) -> ErasureRow {
        let time = Timestamp(max(0, clock.now() / 1_000))
        let draft = Converter(configuration.conversion).vanishing(
            of: row.user, by: key.publicKey, from: relays, at: time, because: row.reason)
        let event = draft.event.signed(by: key)
        var holders: Set<UInt32> = []
        var after: EventID?
        while true {
            let page = try store.published(after: after, limit: Self.page)
            for entry in page where try store.isOf(entry, user: row.user, key.publicKey) {
                holders.formUnion(try store.deliveries(of: entry.id).filter { $0.value.mayBeThere }.keys)
            }
            guard page.count == Self.page, let last = page.last?.id else { break }
            after = last
        }
        let named = Set(relays.compactMap { try? RelayURL($0) }.map(\.text))
        let targets = try store.relays().filter {
            holders.contains($0.number) && (named.isEmpty || named.contains($0.url))
        }
        return try await store.request(event, of: row.user, at: time.seconds, from: targets.map(\.number))
    }

    /// - Returns: of how many events.
    private func takeBack(
        _ events: [MirroredEvent], _ row: ErasureRow, _ key: SecretKey
    ) async throws(BridgeStoreError) -> Int {
        let time = max(clock.now() / 1_000, (row.requestedAt ?? -1) + 1, 0)
        let converter = Converter(configuration.conversion)
        // Each relay is told of what it may have, and of nothing else.
        var groups: [Set<UInt32>: [MirroredEvent]] = [:]
        for event in events {
            let relays = try store.deliveries(of: event.id).filter { $0.value.mayBeThere }.keys
            groups[Set(relays), default: []].append(event)
        }
        var count = 0
        for (_, group) in groups.sorted(by: { $0.key.sorted().lexicographicallyPrecedes($1.key.sorted()) }) {
            let drafts = converter.deletions(
                of: group, by: key.publicKey, at: Timestamp(time), because: row.reason)
            var publication = Publication([], relays: configuration.relays)
            publication.parts = drafts.compactMap { draft in
                guard case .deletion(let ids) = draft.purpose else { return nil }
                return Publication.Part(draft.event.signed(by: key), .deletion(of: ids))
            }
            var posts: [PostID] = []
            for event in group {
                if let post = try store.mirrored(event.id)?.post { posts.append(post) }
            }
            switch try await store.publish(publication) {
            case .published:
                for post in posts { observer.tookBack(post, row.reason) }
            case .alreadyDone: break
            case .refused, .notApproved: continue
            }
            count += group.count
        }
        return count
    }
}
