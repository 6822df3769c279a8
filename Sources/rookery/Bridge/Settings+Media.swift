// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import RelayTransport
import TweetBridge

extension Settings {
    /// Where files of media are fetched to and served from; `nil` when events name X's own addresses.
    func keptMedia(
        _ store: BridgeStore, dialer: Dialer, group: any EventLoopGroup
    ) throws(CommandFailure) -> KeptMedia? {
        guard bridge.isEnabled, bridge.media != .link else { return nil }
        let base = relay.domain.isEmpty ? "http://\(relay.listen)" : "https://\(relay.domain)"
        // What stands in for X has its files where it is: the operator has named it.
        let isX =
            bridge.apiBaseURL.hasSuffix("//api.x.com") || bridge.apiBaseURL.hasSuffix("//api.twitter.com")
        do {
            return try KeptMedia(
                store, directory: dataDirectory + "/media", baseURL: base,
                servers: bridge.media == .blossom ? bridge.blossomServers : [], dialer: dialer, group: group,
                trust: isX ? .namedByStrangers : .operatorNamed)
        } catch { throw CommandFailure("\(dataDirectory)/media: \(error)") }
    }
}
