// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetBridge

extension Settings {
    /// What the bridge keeps in the store; with users' tokens, where there may be some.
    func bridgeStore(_ own: borrowing OwnStore) throws(CommandFailure) -> BridgeStore {
        var seal: TokenSeal?
        if bridge.isEnabled, !bridge.links.oauthClientFile.isEmpty {
            do { seal = try TokenSeal(file: directory.tokenKey) } catch { throw CommandFailure("\(error)") }
        }
        return BridgeStore(store: own.store, ingest: own.ingest, now: BridgeClock.system.now, seal: seal)
    }
}
