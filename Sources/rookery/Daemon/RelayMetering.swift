// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayServer
import RelayTransport
import Telemetry

/// Counts what the relay's server tells.
struct RelayMetering: RelayServerObserver {
    let meters: RelayMeters
    // Looked up once: these are counted for every message.
    private let clientMessages: [ClientVerb: Counter]
    private let relayMessages: [RelayVerb: Counter]

    init(meters: RelayMeters) {
        self.meters = meters
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

    func countAnswered(latency: Duration) { meters.countLatency.observe(latency) }
    func ephemeralLost(_ count: Int) { meters.ephemeralLost.increment(by: count) }
    func rateLimited(_ thing: RatedThing) { meters.rateLimited[thing.rawValue].increment() }
    func fellBehind(_ count: Int) { meters.fellBehind.increment(by: count) }

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
