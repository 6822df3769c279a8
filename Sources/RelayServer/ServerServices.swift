// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NostrCore
import RelaySession
import RelayTransport
import Synchronization

/// What every conversation of a server shares.
final class ServerServices: Sendable {
    let door: EventDoor
    let reader: StoreReader
    let readers: ReaderPool
    let clock: RelayClock
    let limits: RelayServerLimits
    /// What every conversation keeps to.
    let terms: SessionTerms
    let authenticator = Authenticator()
    let rates: RateLedger
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
        terms = SessionTerms(
            limits: configuration.limits, bounds: configuration.sessionLimits,
            features: configuration.features)
        readers = ReaderPool(threads: limits.readerThreads, limit: limits.waitingReads)
    }

    /// Subscriptions open over all conversations.
    var subscriptions: Int { subscriptionCount.load(ordering: .relaxed) }

    func subscriptionsChanged(by change: Int) {
        subscriptionCount.wrappingAdd(change, ordering: .relaxed)
    }
}
