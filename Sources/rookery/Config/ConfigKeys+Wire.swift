// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayServer

extension ConfigKeys {
    static let wire: [ConfigKey] =
        [
            .flag("relay.compression", \.relay.wire.compresses),
            .list("relay.trusted_proxies", \.relay.wire.trustedProxies, show: \.description, parse: range),
        ]
        + rate("events", \.relay.wire.rates.events.perSecond, \.relay.wire.rates.events.burst)
        + rate("requests", \.relay.wire.rates.requests.perSecond, \.relay.wire.rates.requests.burst)
        + rate("bytes", \.relay.wire.rates.bytes.perSecond, \.relay.wire.rates.bytes.burst)
        + rate("connections", \.relay.wire.rates.connections.perSecond, \.relay.wire.rates.connections.burst)
        + rate("key_events", \.relay.wire.rates.keyEvents.perSecond, \.relay.wire.rates.keyEvents.burst)
        + rate("key_requests", \.relay.wire.rates.keyRequests.perSecond, \.relay.wire.rates.keyRequests.burst)
        + [.list("relay.rates.exempt", \.relay.wire.rates.exempt, show: \.description, parse: range)]

    /// How much with every second, 0 for as much as anybody likes, and how much at once.
    private static func rate(
        _ what: String, _ perSecond: any Place<Double>, _ burst: any Place<Double>
    ) -> [ConfigKey] {
        [
            .number("relay.rates.\(what)_per_second", perSecond, in: 0...1e12),
            .number("relay.rates.\(what)_burst", burst, in: 1...1e12),
        ]
    }

    /// An address or a range of addresses: `127.0.0.1`, `10.0.0.0/8`, `::1`.
    @Sendable private static func range(_ text: String) throws(ConfigProblem) -> AddressPrefix {
        if let range = AddressPrefix(text) { return range }
        throw ConfigProblem("must be addresses like 192.0.2.1 or 10.0.0.0/8, not \(ConfigKey.shown(text))")
    }
}
