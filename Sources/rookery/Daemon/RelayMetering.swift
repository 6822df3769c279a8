// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayServer
import RelayTransport
import Telemetry

/// Counts what the relay's server tells.
struct RelayMetering: RelayServerObserver {
    let meters: RelayMeters
    let negentropy: NegentropyMeters
    let slow: SlowQueries
    // Looked up once: these are counted for every message.
    private let clientMessages: [ClientVerb: Counter]
    private let relayMessages: [RelayVerb: Counter]

    init(
        meters: RelayMeters, negentropy: NegentropyMeters, slow: SlowQueries = SlowQueries()
    ) {
        self.slow = slow
        self.meters = meters
        self.negentropy = negentropy
        clientMessages = Dictionary(
            uniqueKeysWithValues: ClientVerb.allCases.map { ($0, meters.clientMessages[$0.rawValue]) })
        relayMessages = Dictionary(
            uniqueKeysWithValues: RelayVerb.allCases.map { ($0, meters.relayMessages[$0.rawValue]) })
    }

    func connectionOpened() {
        meters.connections.add(1)
        meters.connectionsOpened.increment()
    }

    func connectionClosed(_ reason: CloseReason) {
        meters.connections.add(-1)
        meters.connectionsClosed[Self.word(reason)].increment()
    }

    func received(_ verb: ClientVerb, bytes: Int) {
        clientMessages[verb]?.increment()
        meters.receivedBytes.increment(by: bytes)
    }

    func sent(_ verb: RelayVerb, count: Int, bytes: Int) {
        relayMessages[verb]?.increment(by: count)
        meters.sentBytes.increment(by: bytes)
    }

    func fannedOut(latency: Duration, receivers: Int) {
        meters.fanOutLatency.observe(latency)
        meters.fanOutDeliveries.increment(by: receivers)
    }

    func queryAnswered(latency: Duration, events: Int) {
        meters.queryLatency.observe(latency)
        meters.queryEvents.observe(Double(events))
    }

    func queryWasSlow(latency: Duration, work: Int, events: Int, filters: [Filter]) {
        slow.note(latency, work: work, events: events, filters: filters)
    }

    func countAnswered(latency: Duration) { meters.countLatency.observe(latency) }
    func ephemeralLost(_ count: Int) { meters.ephemeralLost.increment(by: count) }
    func rateLimited(_ thing: RatedThing) { meters.rateLimited[thing.rawValue].increment() }
    func readJudged(_ answer: ReadAnswer) { meters.readsJudged[answer.rawValue].increment() }
    func fellBehind(_ count: Int) { meters.fellBehind.increment(by: count) }

    func reconciled(received: Int, sent: Int) {
        negentropy.rounds.increment()
        negentropy.receivedBytes.increment(by: received)
        negentropy.sentBytes.increment(by: sent)
    }

    func reconciliationRefused(_ reason: NegentropyRefusal) {
        negentropy.refusals[reason.rawValue].increment()
    }

    /// A label without a stranger's text.
    private static func word(_ reason: CloseReason) -> String {
        switch reason {
        case .closedByPeer: "closed_by_peer"
        case .closedHere(.policyViolation): "expelled"
        case .closedHere: "closed_here"
        case .violation: "violation"
        case .tooSlow: "too_slow"
        case .silent: "silent"
        case .unfinishedMessage: "unfinished_message"
        case .lost: "lost"
        }
    }
}
