// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import Negentropy
import NostrCore
import RelaySession
import RelayTransport
import Synchronization

/// What every conversation of a server shares.
final class ServerServices: Sendable {
    let door: EventDoor
    let reader: StoreReader
    let readers: ReaderPool
    /// Reads long messages.
    let parsers: ReaderPool
    let clock: RelayClock
    let limits: RelayServerLimits
    /// What every conversation keeps to.
    let terms: SessionTerms
    let authenticator = Authenticator()
    let rates: RateLedger
    let readGate = ReadGate()
    let heldSets: HeldSets
    let observer: any RelayServerObserver
    private let subscriptionCount = Atomic<Int>(0)

    init(
        door: EventDoor, reader: StoreReader, configuration: RelayServerConfiguration, clock: RelayClock,
        observer: any RelayServerObserver
    ) {
        self.door = door
        self.reader = reader
        self.clock = clock
        self.observer = observer
        limits = configuration.serverLimits
        rates = RateLedger(configuration.rates, proxies: configuration.transportLimits.trustedProxies)
        heldSets = HeldSets(limit: limits.setBytes, addresses: limits.setShares)
        terms = SessionTerms(
            limits: configuration.limits, bounds: configuration.sessionLimits,
            features: configuration.features)
        readers = ReaderPool(threads: limits.readerThreads, limit: limits.waitingReads)
        parsers = ReaderPool(threads: 1, limit: limits.waitingParses)
    }

    /// How long somebody who asks over HTTP has to wait first; `nil` for not at all. It costs what a REQ costs.
    func haste(of request: HTTPRequest) -> Duration? {
        guard let account = rates.account(of: request.remoteAddress),
            let wait = rates.beginRequest(of: account, at: clock.uptime())
        else { return nil }
        observer.rateLimited(.requests)
        return wait
    }

    /// Events of one set, at the most: as many as fit into the share of one address.
    var reconciledEvents: Int {
        min(limits.reconciledEvents, heldSets.share / MemoryLayout<NegentropyItem>.stride)
    }

    /// Subscriptions open over all conversations.
    var subscriptions: Int { subscriptionCount.load(ordering: .relaxed) }

    func subscriptionsChanged(by change: Int) {
        subscriptionCount.wrappingAdd(change, ordering: .relaxed)
    }
}
