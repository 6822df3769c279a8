// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

/// Where the media of mirrors are (kind 10063, NIP-B7): who does not find a file asks there for its hash.
extension ProfilePublisher {
    /// Published again only when the servers are others; an empty list only where there was one before.
    @discardableResult
    func publishServers(
        of user: UserID, signing key: SecretKey, again: Bool = false
    ) async throws(BridgeStoreError) -> Bool {
        let (servers, name) = (configuration.mediaServers, StateKey.mediaServersPosted(user))
        if servers.isEmpty, try store.remembered(name) == nil { return false }
        let list = Converter(configuration.conversion).mediaServerList(
            of: user, by: key.publicKey, servers: servers, at: try moment(for: name))
        return try await publish(list, name, user, key, again: again)
    }

    /// The same for all that have a profile: the configuration may have changed since.
    func renewServers() async {
        do throws(BridgeStoreError) {
            var last: UserID?
            while !Task.isCancelled {
                let users = try store.introduced(after: last, limit: 500)
                for user in users where try !store.isHandedOver(user) {
                    try await publishServers(of: user, signing: try await keys.key(of: user))
                }
                guard users.count == 500 else { return }
                last = users.last
            }
        } catch { observer.failed("say where media are", error.description) }
    }
}

extension BridgeConfiguration {
    /// The most trusted first: those of others, then our own port.
    fileprivate var mediaServers: [String] {
        switch media {
        case .link: []
        case .store: [ownServer].filter { !$0.isEmpty }
        case .blossom: blossomServers + [ownServer].filter { !$0.isEmpty }
        }
    }
}

extension BridgeStore {
    /// Accounts that have a profile here, those behind `after`.
    fileprivate func introduced(after last: UserID?, limit: Int) throws(BridgeStoreError) -> [UserID] {
        let prefix = StateKey.profilesPosted
        let start = last.map { RowPlace.remembered(.profilePosted($0)).key.bytes }
        return try rows(BridgeTables.state, RowKey().with(prefix), after: start, limit: limit).compactMap {
            UserID(KeyReader($0.key, skipping: prefix.utf8.count).text)
        }
    }
}
