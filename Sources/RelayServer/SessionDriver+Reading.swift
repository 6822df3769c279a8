// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NIOCore
import NostrCore
import RelaySession
import RelayTransport

/// Readings of the store: handed to the reader pool, reported back on the event loop.
extension SessionDriver {
    func openScan(_ number: ScanNumber, _ id: SubscriptionID, _ filters: [Filter]) {
        scans[number] = StoredScan(
            query: NIOLockedValueBox(services.reader.query(filters)), prefix: EventMessage.prefix(id),
            begun: services.clock.uptime())
    }

    func readPage(_ number: ScanNumber) {
        guard let scan = scans[number] else { return }
        let reader = services.reader
        let (query, prefix, cancellation) = (scan.query, scan.prefix, scan.cancellation)
        read { () -> @Sendable (SessionDriver) -> Void in
            let (report, page) = query.withLockedValue { reader.readPage(&$0, prefix: prefix, cancellation) }
            return { driver in driver.pageRead(number, report, page) }
        } orElse: { driver in
            driver.feed(.pageRead(number, .failed(.busy)))
        }
    }

    private func pageRead(_ number: ScanNumber, _ report: PageReport, _ page: EventPage) {
        scans[number]?.page = page
        if case .finished = report, let scan = scans[number] {
            let latency = services.clock.uptime() - scan.begun
            services.observer.queryAnswered(latency: latency, events: scan.events + page.count)
        }
        feed(.pageRead(number, report))
        scans[number]?.page = nil
    }

    func sendPage(_ number: ScanNumber, _ connection: WebSocketConnection) {
        guard let page = scans[number]?.page else { return }
        page.send(to: connection)
        scans[number]?.events += page.count
        services.observer.sent(.event, count: page.count, bytes: page.size)
    }

    func dropScan(_ number: ScanNumber) {
        scans.removeValue(forKey: number)?.cancellation.cancel()
    }

    func count(_ number: ScanNumber, _ filters: [Filter]) {
        let begun = services.clock.uptime()
        count(number, StoredCount(filters: filters, now: services.clock.now()), begun: begun)
    }

    /// Counts for one slice of time, then lets others have their turn.
    private func count(_ number: ScanNumber, _ taken: StoredCount, begun: Uptime) {
        let reader = services.reader
        let cancellation = leaving
        read { () -> @Sendable (SessionDriver) -> Void in
            var count = taken
            let isFinished = reader.count(&count, cancellation)
            let rest = count
            return { driver in driver.counted(number, rest, isFinished, begun: begun) }
        } orElse: { driver in
            driver.feed(.counted(number, nil))
        }
    }

    private func counted(_ number: ScanNumber, _ count: StoredCount, _ isFinished: Bool?, begun: Uptime) {
        let latency = services.clock.uptime() - begun
        switch isFinished {
        case true?:
            services.observer.countAnswered(latency: latency)
            feed(.counted(number, count.total))
        case false? where latency < .milliseconds(services.limits.countMilliseconds):
            self.count(number, count, begun: begun)
        case false?, nil: feed(.counted(number, nil))
        }
    }

    func catchUp(_ number: ScanNumber, _ filters: [Filter], after position: FeedPosition) {
        let reader = services.reader
        read { () -> @Sendable (SessionDriver) -> Void in
            let report = reader.catchUp(filters, after: position)
            return { driver in driver.feed(.caughtUp(number, report)) }
        } orElse: { driver in
            driver.feed(.caughtUp(number, .failed(.busy)))
        }
    }

    /// Does `work` on a reader thread and what it returns on the event loop; `orElse` when no thread can be had.
    private func read(
        _ work: @escaping @Sendable () -> @Sendable (SessionDriver) -> Void,
        orElse: @escaping @Sendable (SessionDriver) -> Void
    ) {
        guard let eventLoop = connection?.eventLoop else { return }
        let driver = NIOLoopBound(self, eventLoop: eventLoop)
        let isTaken = services.readers.submit {
            let report = work()
            eventLoop.execute { driver.value.reportBack(report) }
        }
        if !isTaken { eventLoop.execute { driver.value.reportBack(orElse) } }
    }

    private func reportBack(_ report: (SessionDriver) -> Void) {
        guard connection != nil else { return }
        report(self)
        finishTurn()
    }
}
