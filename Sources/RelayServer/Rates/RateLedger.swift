// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NostrCore
import RelayTransport

/// Who has had how much of what, over all connections.
final class RateLedger: Sendable {
    /// There was too much.
    typealias Excess = (thing: RatedThing, wait: Duration)

    private let exempt: AddressPrefixSet
    private let events: RateTable<AddressKey>
    private let requests: RateTable<AddressKey>
    private let bytes: RateTable<AddressKey>
    private let connections: RateTable<AddressKey>
    private let keyEvents: RateTable<PublicKey>
    private let keyRequests: RateTable<PublicKey>

    init(_ limits: RateLimits, proxies: [AddressPrefix]) {
        exempt = AddressPrefixSet(limits.exempt + proxies)
        let limit = limits.maxRemembered
        events = RateTable(limits.events, limit: limit)
        requests = RateTable(limits.requests, limit: limit)
        bytes = RateTable(limits.bytes, limit: limit)
        connections = RateTable(limits.connections, limit: limit)
        keyEvents = RateTable(limits.keyEvents, limit: limit)
        keyRequests = RateTable(limits.keyRequests, limit: limit)
    }

    /// What an address counts as; `nil` for one that is exempt.
    func account(of address: SocketAddress?) -> AddressKey? {
        if let network = NetworkAddress(address), exempt.contains(network) { return nil }
        return AddressKey(address)
    }

    /// - Returns: how long to wait before the next; `nil` when this one is fine.
    func beginConnection(of account: AddressKey, at now: Uptime) -> Duration? {
        connections.take(1, from: account, at: now)
    }

    /// A request over HTTP.
    ///
    /// - Returns: how long to wait before the next; `nil` when this one is fine.
    func beginRequest(of account: AddressKey, at now: Uptime) -> Duration? {
        requests.take(1, from: account, at: now)
    }

    /// Takes what a message costs.
    ///
    /// An author whose events are too many is refused before anything is verified; what he is charged with, see
    /// ``tookIn(_:at:)``.
    ///
    /// - Parameters:
    ///   - message: `nil` for one that cannot be served as it is: it takes as long to read as a request.
    ///   - keys: those that were shown.
    func take(
        _ message: ClientMessage?, size: Int, from account: AddressKey, keys: [PublicKey], at now: Uptime
    ) -> Excess? {
        if let wait = bytes.take(Double(size), from: account, at: now) { return (.bytes, wait) }
        switch message {
        case .event(let event):
            if let wait = keyEvents.wait(of: event.event.pubkey, at: now) { return (.keyEvents, wait) }
            return events.take(1, from: account, at: now).map { (.events, $0) }
        case .request, .count, .authenticate, .negentropyOpen, .negentropyMessage, nil:
            if let wait = requests.take(1, from: account, at: now) { return (.requests, wait) }
            for key in keys {
                if let wait = keyRequests.take(1, from: key, at: now) { return (.keyRequests, wait) }
            }
            return nil
        case .close, .negentropyClose: return nil
        }
    }

    /// An event of this author was verified and is new: nobody else can spend what he may.
    func tookIn(_ author: PublicKey, at now: Uptime) { keyEvents.charge(1, to: author, at: now) }
}
