// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
public import NostrCore

extension RelayURL {
    /// Whether its host may be on the internet, as far as can be told without asking anybody: no local name, no single word,
    /// no address of a network of one's own, no hidden service.
    public var namesPublicHost: Bool {
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        if let address = try? SocketAddress(ipAddress: bare, port: port) {
            return AddressClass(address) == .global
        }
        let strangers = AddressGuard(trust: .namedByStrangers, options: DialOptions())
        return host.contains(".") && strangers.refusal(of: host) == nil
    }
}
