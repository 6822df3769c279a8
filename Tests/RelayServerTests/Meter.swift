// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import RelayServer
import RelayTransport

/// Counts what a server says it does.
final class Meter: RelayServerObserver {
    struct Counts {
        var opened = 0
        var closed: [CloseReason] = []
        var received: [ClientVerb: Int] = [:]
        var sent: [RelayVerb: Int] = [:]
        var fannedOut = 0
        /// How often some were.
        var fanOuts = 0
        var queries = 0
        var queriedEvents = 0
        var counts = 0
        var ephemeralsLost = 0
        var fellBehind = 0
        var limited: [RatedThing: Int] = [:]
        var judged: [ReadAnswer: Int] = [:]
        var rounds = 0
        /// **Bytes** of messages of reconciliations.
        var reconciled = (received: 0, sent: 0)
        var reconciliationsRefused: [NegentropyRefusal: Int] = [:]
    }

    private let state = NIOLockedValueBox(Counts())

    var counts: Counts { state.withLockedValue { $0 } }

    func connectionOpened() { state.withLockedValue { $0.opened += 1 } }
    func connectionClosed(_ reason: CloseReason) { state.withLockedValue { $0.closed.append(reason) } }
    func received(_ verb: ClientVerb, bytes: Int) {
        state.withLockedValue { $0.received[verb, default: 0] += 1 }
    }
    func sent(_ verb: RelayVerb, count: Int, bytes: Int) {
        state.withLockedValue { $0.sent[verb, default: 0] += count }
    }
    func fannedOut(latency: Duration, receivers: Int) {
        state.withLockedValue {
            $0.fannedOut += receivers
            $0.fanOuts += 1
        }
    }
    func queryAnswered(latency: Duration, events: Int) {
        state.withLockedValue {
            $0.queries += 1
            $0.queriedEvents += events
        }
    }
    func countAnswered(latency: Duration) { state.withLockedValue { $0.counts += 1 } }
    func ephemeralLost(_ count: Int) { state.withLockedValue { $0.ephemeralsLost += count } }
    func rateLimited(_ thing: RatedThing) { state.withLockedValue { $0.limited[thing, default: 0] += 1 } }
    func readJudged(_ answer: ReadAnswer) { state.withLockedValue { $0.judged[answer, default: 0] += 1 } }
    func reconciled(received: Int, sent: Int) {
        state.withLockedValue {
            $0.rounds += 1
            $0.reconciled.received += received
            $0.reconciled.sent += sent
        }
    }
    func reconciliationRefused(_ reason: NegentropyRefusal) {
        state.withLockedValue { $0.reconciliationsRefused[reason, default: 0] += 1 }
    }
    func fellBehind(_ count: Int) { state.withLockedValue { $0.fellBehind += count } }
}
