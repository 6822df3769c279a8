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
    func openScan(_ number: ScanNumber, _ id: SubscriptionID, _ filters: [Filter], arrived: Uptime) {
        scans[number] = StoredScan(
            query: NIOLockedValueBox(services.reader.query(filters, session.scope)),
            prefix: EventMessage.prefix(id),
            arrived: arrived)
    }

    func readPage(_ number: ScanNumber) {
        guard let scan = scans[number] else { return feed(.pageRead(number, .failed(.fault))) }
        if !scan.isBegun, readAtOnce(number, scan) { return }
        let reader = services.reader
        let (query, prefix, cancellation) = (scan.query, scan.prefix, scan.cancellation)
        read { () -> @Sendable (SessionDriver) -> Void in
            let (report, page) = query.withLockedValue { reader.readPage(&$0, prefix: prefix, cancellation) }
            return { driver in driver.pageRead(number, report, page) }
        } orElse: { driver in
            driver.feed(.pageRead(number, .failed(.busy)))
        }
    }

    /// Reads the first page here, if it is a short one.
    private func readAtOnce(_ number: ScanNumber, _ scan: StoredScan) -> Bool {
        guard let room else { return false }
        let (reader, begin) = (services.reader, services.clock.uptime())
        let read = scan.query.withLockedValue { query -> (PageReport, EventPage)? in
            guard room.shortReads.takes(query.filters, at: begin) else { return nil }
            return reader.readShortPage(&query, prefix: scan.prefix, from: begin)
        }
        guard let (report, page) = read else { return false }
        let end = services.clock.uptime()
        room.shortReads.took(end - begin, until: end)
        pageRead(number, report, page)
        return true
    }

    private func pageRead(_ number: ScanNumber, _ report: PageReport, _ page: EventPage) {
        scans[number]?.isBegun = true
        scans[number]?.page = page
        if case .finished = report, let scan = scans[number] {
            let latency = services.clock.uptime() - scan.arrived
            let events = scan.events + page.count
            services.observer.queryAnswered(latency: latency, events: events)
            if latency > .milliseconds(services.limits.slowQueryMilliseconds) {
                let (work, filters) = scan.query.withLockedValue { ($0.work, $0.filters) }
                services.observer.queryWasSlow(
                    latency: latency, work: work, events: events, filters: filters)
            }
        }
        feed(.pageRead(number, report))
    }

    func sendPage(_ number: ScanNumber, _ connection: WebSocketConnection) {
        guard let page = scans[number]?.page else { return }
        scans[number]?.page = nil
        page.send(to: connection)
        scans[number]?.events += page.count
        services.observer.sent(.event, count: page.count, bytes: page.size)
    }

    func dropScan(_ number: ScanNumber) {
        scans.removeValue(forKey: number)?.cancellation.cancel()
        // A resting conversation keeps no room for readings.
        if scans.isEmpty { scans = [:] }
    }

    /// Counts for one slice of time; others have their turn before the next.
    func count(_ number: ScanNumber, _ filters: [Filter], arrived: Uptime) {
        let begun =
            counts.removeValue(forKey: number)
            ?? RunningCount(
                count: StoredCount(filters: filters, now: services.clock.now(), scope: session.scope),
                arrived: arrived)
        let (reader, uptime, cancellation) = (services.reader, services.clock.uptime, leaving)
        read { () -> @Sendable (SessionDriver) -> Void in
            var running = begun
            let start = uptime()
            let isFinished = reader.count(&running.count, cancellation)
            running.spent += uptime() - start
            let rest = running
            return { driver in driver.counted(number, rest, isFinished) }
        } orElse: { driver in
            driver.feed(.counted(number, nil))
        }
    }

    private func counted(_ number: ScanNumber, _ running: RunningCount, _ isFinished: Bool?) {
        switch isFinished {
        case true?:
            services.observer.countAnswered(latency: services.clock.uptime() - running.arrived)
            feed(.counted(number, running.count.answer))
        case false? where running.spent < .milliseconds(services.limits.countMilliseconds):
            counts[number] = running
            feed(.counting(number))
        case false?, nil: feed(.counted(number, nil))
        }
    }

    func catchUp(_ number: ScanNumber, _ filters: [Filter], after position: FeedPosition) {
        let (reader, scope) = (services.reader, session.scope)
        read { () -> @Sendable (SessionDriver) -> Void in
            let report = reader.catchUp(filters, scope, after: position)
            return { driver in driver.feed(.caughtUp(number, report)) }
        } orElse: { driver in
            driver.feed(.caughtUp(number, .failed(.busy)))
        }
    }

    /// Does `work` on a reader thread and what it returns on the event loop; `orElse` when no thread can be had.
    func read(
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
