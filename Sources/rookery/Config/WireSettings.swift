// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayServer

/// What of `[relay]` is about connections.
struct WireSettings: Sendable {
    /// Whether messages are compressed with clients that offer it.
    var compresses = true
    /// Peers whose `X-Forwarded-For` is believed.
    var trustedProxies: [AddressPrefix] = []
    /// `[relay.rates]`.
    var rates = RateLimits()
}
