// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NIOCore
import NostrCore
import RelaySession
import RelayTransport

/// Sets that clients reconcile theirs with (NIP-77): read and asked on the reader pool, reported back on the event loop.
extension SessionDriver {
    func gather(_ number: ScanNumber, _ filter: Filter, arrived: Uptime) {
        if sets[number] == nil {
            let reading = services.reader.set(filter, session.scope, most: services.reconciledEvents)
            sets[number] = ServedSet(state: .reading(NIOLockedValueBox(reading)), arrived: arrived)
            services.heldSets.opened()
        }
        guard let set = sets[number], case .reading(let reading) = set.state else {
            return feed(.gathered(number, .failed(.fault)))
        }
        let (reader, cancellation, most) = (services.reader, set.cancellation, services.reconciledEvents)
        read { () -> @Sendable (SessionDriver) -> Void in
            let page = reading.withLockedValue { reader.gather(&$0, most: most, cancellation) }
            return { driver in driver.gathered(number, page) }
        } orElse: { driver in
            driver.feed(.gathered(number, .failed(.busy)))
        }
    }

    private func gathered(_ number: ScanNumber, _ page: StoreReader.GatheredPage) {
        guard let set = sets[number] else { return feed(.gathered(number, page.report)) }
        guard services.heldSets.change(from: set.heldBytes, to: page.heldBytes, of: account) else {
            return feed(.gathered(number, .noRoom))
        }
        sets[number]?.heldBytes = page.heldBytes
        if let whole = page.set { sets[number]?.state = .read(whole) }
        feed(.gathered(number, page.report))
    }

    func reconcile(_ number: ScanNumber, _ id: SubscriptionID, _ message: TagValue) {
        let (reader, uptime) = (services.reader, services.clock.uptime)
        guard case .read(let set)? = sets[number]?.state else {
            return feed(.reconciled(number, .failed(.fault), at: uptime()))
        }
        read { () -> @Sendable (SessionDriver) -> Void in
            let (report, answer) = reader.answer(message, from: set, under: id)
            return { driver in
                driver.sets[number]?.answer = answer
                driver.feed(.reconciled(number, report, at: uptime()))
            }
        } orElse: { driver in
            driver.feed(.reconciled(number, .failed(.busy), at: uptime()))
        }
    }

    func sendAnswer(_ number: ScanNumber, _ connection: WebSocketConnection) {
        guard let answer = sets[number]?.answer else { return }
        sets[number]?.answer = nil
        connection.send(answer.text.span)
        services.observer.sent(.negentropy, count: 1, bytes: answer.text.count)
        services.observer.reconciled(received: answer.received, sent: answer.sent)
        awaitNextWord()
    }

    func dropSet(_ number: ScanNumber) {
        guard let set = sets.removeValue(forKey: number) else { return }
        forget(set)
        if sets.isEmpty { sets = [:] }
    }

    /// The conversation is over.
    func dropSets() {
        for set in sets.values { forget(set) }
        sets = [:]
        wordTimer?.cancel()
        wordTimer = nil
    }

    private func forget(_ set: ServedSet) {
        set.cancellation.cancel()
        services.heldSets.closed(set.heldBytes, of: account)
    }

    /// Looks again when a client that says nothing has said nothing for too long. One timer, and only while it is needed.
    private func awaitNextWord() {
        guard wordTimer == nil, let eventLoop = connection?.eventLoop, let deadline = session.nextDeadline
        else { return }
        let wait = max(.milliseconds(1), deadline - services.clock.uptime())
        wordTimer = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(wait)) { [weak self] in
            guard let self else { return }
            wordTimer = nil
            feed(.timePassed(at: services.clock.uptime()))
            finishTurn()
            awaitNextWord()
        }
    }
}
