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
        if try store.account(id) != nil { return true }
        return try store.remembered(.profilePosted(id)) != nil
    }

    private func publishAlways(_ user: User) async throws(BridgeStoreError) {
        let key = try await keys.key(of: user.id)
        let converter = Converter(configuration.conversion)
        let now = Timestamp(max(0, clock.now() / 1_000))
        let profile = converter.profile(of: user, by: key.publicKey, at: now)
        try await publish(profile, .profilePosted(user.id), user.id, key)
        let own = try? RelayURL(configuration.conversion.relay)
        let relays = [own].compactMap(\.self) + configuration.relays
        if !relays.isEmpty {
            let list = converter.relayList(of: user.id, by: key.publicKey, relays: relays, at: now)
            try await publish(list, .relayListPosted(user.id), user.id, key)
        }
        try await publishServers(of: user.id, signing: key)
    }

    func publish(
        _ draft: TweetCore.Draft, _ name: StateKey, _ user: UserID, _ key: SecretKey
    ) async throws(BridgeStoreError) {
        let hash = Hex.string(draft.contentHash.bytes)
        guard try store.remembered(name)?.value != hash else { return }
        var publication = Publication(
            [Publication.Part(draft.event.signed(by: key), .profile(user))], relays: configuration.relays)
        publication.remember = [name: hash]
        if case .published = try await store.publish(publication), draft.event.kind == .metadata {
            observer.profilePublished(user)
        }
    }
}
