// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayServer

extension ConfigKeys {
    static let wire = connections + rates

    private static let connections: [ConfigKey] = [
        .flag("relay.compression", \.relay.wire.compresses)
            .about("Whether messages are compressed with clients that offer it (permessage-deflate)."),
        .list("relay.trusted_proxies", \.relay.wire.trustedProxies, show: \.description, parse: range)
            .about("Peers whose `X-Forwarded-For` is believed: \"127.0.0.1\", \"10.0.0.0/8\"."),
    ]

    private static let rates =
        rate(
            "events", \.relay.wire.rates.events.perSecond, \.relay.wire.rates.events.burst,
            "EVENTs of one address")
        + rate(
            "requests", \.relay.wire.rates.requests.perSecond, \.relay.wire.rates.requests.burst,
            "REQ, COUNT, AUTH and NEG of one address")
        + rate(
            "bytes", \.relay.wire.rates.bytes.perSecond, \.relay.wire.rates.bytes.burst,
            "Bytes of messages of one address")
        + rate(
            "connections", \.relay.wire.rates.connections.perSecond, \.relay.wire.rates.connections.burst,
            "Conversations begun by one address")
        + rate(
            "key_events", \.relay.wire.rates.keyEvents.perSecond, \.relay.wire.rates.keyEvents.burst,
            "New events of one author, from wherever")
        + rate(
            "key_requests", \.relay.wire.rates.keyRequests.perSecond, \.relay.wire.rates.keyRequests.burst,
            "Requests of whoever has shown one key")
        + [
            ConfigKey.list("relay.rates.exempt", \.relay.wire.rates.exempt, show: \.description, parse: range)
                .about("Addresses that none of these rates concern.")
        ]

    /// How much with every second, 0 for as much as anybody likes, and how much at once.
    private static func rate(
        _ name: String, _ perSecond: any Place<Double>, _ burst: any Place<Double>, _ what: String
    ) -> [ConfigKey] {
        [
            .rate("relay.rates.\(name)_per_second", perSecond)
                .about("\(what), in a second; 0 for as many as anybody likes."),
            .number("relay.rates.\(name)_burst", burst, in: 1...1e12).about("The same, at once."),
        ]
    }

    /// An address or a range of addresses: `127.0.0.1`, `10.0.0.0/8`, `::1`.
    @Sendable private static func range(_ text: String) throws(ConfigProblem) -> AddressPrefix {
        if let range = AddressPrefix(text) { return range }
        throw ConfigProblem("must be addresses like 192.0.2.1 or 10.0.0.0/8, not \(ConfigKey.shown(text))")
    }
}

extension ConfigKey {
    /// What is let through with every second: nothing is limited by 0, and nobody waits a quarter of an hour for one event.
    fileprivate static func rate(_ path: String, _ place: any Place<Double>) -> ConfigKey {
        ConfigKey(path: path, kind: .number, bounds: "0, or 0.001 … 1e12") {
            settings, value throws(ConfigProblem) in
            let rate = try number(value, in: 0...1e12)
            guard rate == 0 || rate >= 0.001 else {
                throw ConfigProblem(
                    "must be 0 for no limit, or at least 0.001, not \(ConfigValue.spelt(rate))")
            }
            settings[keyPath: place] = rate
        } read: {
            .number($0[keyPath: place])
        }
    }
}
