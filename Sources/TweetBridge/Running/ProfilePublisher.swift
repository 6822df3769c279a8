// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

/// Publishes what mirrors say of themselves: profiles, relay lists and media servers, each again only when it has changed.
struct ProfilePublisher: Sendable {
    let configuration: BridgeConfiguration
    let store: BridgeStore
    let keys: MirrorKeys
    let clock: BridgeClock
    let observer: any BridgeObserver

    /// Of an account that is mirrored, or has a post that is.
    func publish(_ user: User) async throws(BridgeStoreError) {
        guard try isShown(user.id) else { return }
        try await publishAlways(user)
    }

    /// Whoever is about to be shown has a profile first.
    func introduce(_ id: UserID) async throws(BridgeStoreError) {
        guard try store.remembered(.profilePosted(id)) == nil, let user = try store.user(id)?.user else {
            return
        }
        try await publishAlways(user)
    }

    private func isShown(_ id: UserID) throws(BridgeStoreError) -> Bool {
        if let account = try store.account(id) { return account.isActive }
        guard try store.remembered(.profilePosted(id)) != nil else { return false }
        return try Consent(store: store, refusals: configuration.refusals).silence(of: id, nil) == nil
    }

    private func publishAlways(_ user: User) async throws(BridgeStoreError) {
        try await publishProfile(of: user)
        try await publishLists(of: user.id)
    }

    /// - Parameter again: also when it says nothing new.
    /// - Returns: whether it was published.
    @discardableResult
    func publishProfile(of user: User, again: Bool = false) async throws(BridgeStoreError) -> Bool {
        let key = try await keys.key(of: user.id)
        let name = StateKey.profilePosted(user.id)
        let profile = Converter(configuration.conversion).profile(
            of: user, by: key.publicKey, at: try moment(for: name),
            movedTo: try store.claim(of: user.id)?.key)
        return try await publish(profile, name, user.id, key, again: again)
    }

    /// Where a mirror is found: its relays and its media servers.
    @discardableResult
    func publishLists(of id: UserID, again: Bool = false) async throws(BridgeStoreError) -> Bool {
        let key = try await keys.key(of: id)
        let converter = Converter(configuration.conversion)
        var isPublished = false
        let own = try? RelayURL(configuration.conversion.relay)
        let relays = [own].compactMap(\.self) + configuration.relays
        if !relays.isEmpty {
            let name = StateKey.relayListPosted(id)
            let list = converter.relayList(
                of: id, by: key.publicKey, relays: relays, at: try moment(for: name))
            isPublished = try await publish(list, name, id, key, again: again)
        }
        return try await publishServers(of: id, signing: key, again: again) || isPublished
    }

    /// Later than what it takes the place of: of two events of one second the lower id would win (NIP-01).
    func moment(for name: StateKey) throws(BridgeStoreError) -> Timestamp {
        let last = try store.remembered(name).map { $0.updatedAt / 1_000 + 1 } ?? 0
        return Timestamp(max(last, clock.now() / 1_000))
    }

    /// - Parameter again: also when it says nothing new.
    /// - Returns: whether it was published.
    @discardableResult
    func publish(
        _ draft: TweetCore.Draft, _ name: StateKey, _ user: UserID, _ key: SecretKey, again: Bool = false
    ) async throws(BridgeStoreError) -> Bool {
        if configuration.isDryRun { return false }
        // A relay that is added later is told, too.
        let places = configuration.relays.map(\.text).sorted().joined(separator: " ")
        let hash = Hex.string(
            SHA256.digest(draft.contentHash.bytes + Array(places.utf8)).bytes)
        let said = try store.remembered(name)?.value
        guard again || said != hash else { return false }
        var publication = Publication(
            [Publication.Part(draft.event.signed(by: key), .profile(user))], relays: configuration.relays)
        publication.remember = [name: hash]
        guard case .published = try await store.publish(publication) else { return false }
        if draft.event.kind == .metadata { observer.profilePublished(user) }
        return true
    }
}
