// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// REQ, COUNT and the scans behind them.
extension RelaySession {
    mutating func request(
        _ id: SubscriptionID, _ filters: [Filter], _ entry: Backlog.Entry,
        _ actions: inout [SessionAction]
    ) {
        if let open = subscriptions.slot(of: id) { end(open, &actions) }
        if let refusal = refusal(of: id, filters) ?? refusalOfReading(filters, &actions)
            ?? refusalOfOneMore(size: entry.size)
        {
            return answer(.closed(id, message: refusal), &actions)
        }
        let number = scans.makeNumber()
        if asksAboutReading { return ask(number, .request(id, filters), entry, &actions) }
        serve(number, filters, id, entry, &actions)
    }

    /// Opens the subscription of a request that nothing speaks against.
    mutating func serve(
        _ number: ScanNumber, _ filters: [Filter], _ id: SubscriptionID, _ entry: Backlog.Entry,
        _ actions: inout [SessionAction]
    ) {
        let slot = subscriptions.insert(
            Subscription(id: id, filters: filters, size: entry.size, arrived: entry.arrived, scan: number))
        actions.append(.watch(slot, id, filters))
        guard scans.hasRoom else { return scans.wait(number, .stored(slot)) }
        actions.append(.openScan(number, id, filters, arrived: entry.arrived))
        scans.begin(number, .stored(slot))
        opening = number
    }

    mutating func count(
        _ id: SubscriptionID, _ filters: [Filter], _ entry: Backlog.Entry,
        _ actions: inout [SessionAction]
    ) {
        if let refusal = refusal(of: id, filters) ?? refusalOfReading(filters, &actions) {
            return refuseCount(id, refusal, &actions)
        }
        let number = scans.makeNumber()
        if asksAboutReading { return ask(number, .count(id, filters), entry, &actions) }
        serve(number, countOf: filters, id, arrived: entry.arrived)
    }

    /// Begins a count that nothing speaks against.
    mutating func serve(
        _ number: ScanNumber, countOf filters: [Filter], _ id: SubscriptionID, arrived: Uptime
    ) {
        // Nothing else bounds how many counts may wait: while one does, further messages stay in the backlog.
        opening = number
        guard scans.hasRoom else { return scans.wait(number, .count(id, filters, arrived: arrived)) }
        scans.begin(number, .count(id, filters, arrived: arrived))
    }

    /// Ends a subscription and everything that is read for it.
    mutating func end(_ slot: SubscriptionSlot, _ actions: inout [SessionAction]) {
        guard let subscription = subscriptions.remove(slot) else { return }
        actions.append(.unwatch(slot))
        if let scan = subscription.scan { drop(scan, &actions) }
    }

    /// Reads what is next in turn, if the client has room for it.
    mutating func takeTurn(_ actions: inout [SessionAction]) {
        guard isWritable, let (number, work) = scans.takeTurn() else { return }
        switch work {
        case .stored: actions.append(.readPage(number))
        case .count(_, let filters, let arrived):
            actions.append(.count(number, filters, arrived: arrived))
        case .catchUp(let slot): beginCatchUp(number, slot, &actions)
        case .reconciliation: takeTurn(number, reconciling: &actions)
        }
    }

    mutating func pageRead(
        _ number: ScanNumber, _ report: PageReport, _ actions: inout [SessionAction]
    ) {
        reported(number)
        guard case .stored(let slot) = scans[number] else { return }
        switch report {
        case .more(let snapshot):
            subscriptions.update(slot) { $0.scanSaw(snapshot) }
            actions.append(.sendPage(number))
            scans.again(number)
        case .finished(let snapshot, let isComplete):
            subscriptions.update(slot) { $0.scanSaw(snapshot) }
            actions.append(.sendPage(number))
            if let id = subscriptions[slot]?.id {
                actions.append(.send(.endOfStoredEvents(id, isComplete ? .finish : nil)))
            }
            drop(number, &actions)
            continueLive(slot, &actions)
        case .failed(let failure): close(slot, SessionText.describe(failure), &actions)
        }
    }

    /// Others have their turn before the count goes on.
    mutating func counting(_ number: ScanNumber) {
        reported(number)
        if case .count = scans[number] { scans.again(number) }
    }

    mutating func counted(_ number: ScanNumber, _ answer: CountAnswer?, _ actions: inout [SessionAction]) {
        reported(number)
        guard case .count(let id, _, _) = scans[number] else { return }
        drop(number, &actions)
        guard let answer else { return refuseCount(id, SessionText.countFailed, &actions) }
        actions.append(.send(.count(id, answer)))
    }

    /// A `CLOSED` always means that nothing of this id is open: a subscription of the same name ends, too.
    mutating func refuseCount(
        _ id: SubscriptionID, _ reason: String, _ actions: inout [SessionAction]
    ) {
        if let open = subscriptions.slot(of: id) { end(open, &actions) }
        answer(.closed(id, message: reason), &actions)
    }

    /// Ends a subscription and tells the client why.
    mutating func close(_ slot: SubscriptionSlot, _ reason: String, _ actions: inout [SessionAction]) {
        guard let id = subscriptions[slot]?.id else { return }
        end(slot, &actions)
        actions.append(.send(.closed(id, message: reason)))
    }

    mutating func reported(_ number: ScanNumber) {
        scans.reported(number)
        if opening == number { opening = nil }
    }

    /// Takes a scan out of the rotation and lets a waiting one in.
    mutating func drop(_ number: ScanNumber, _ actions: inout [SessionAction]) {
        let isStored = if case .stored = scans[number] { true } else { false }
        if scans.remove(number), isStored { actions.append(.dropScan(number)) }
        if opening == number { opening = nil }
        while let (next, work) = scans.promote() {
            guard case .stored(let slot) = work, let subscription = subscriptions[slot] else { continue }
            actions.append(
                .openScan(next, subscription.id, subscription.filters, arrived: subscription.arrived))
        }
    }

    /// Why a request is not acceptable by itself.
    func refusal(of id: SubscriptionID, _ filters: [Filter]) -> String? {
        if id.text.isEmpty { return SessionText.emptySubscriptionID }
        let characters = id.text.bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
        if characters > limits.maxSubscriptionIDLength {
            return SessionText.longSubscriptionID(limits.maxSubscriptionIDLength)
        }
        if filters.isEmpty { return SessionText.noFilters }
        if filters.count > limits.maxFilters { return SessionText.tooManyFilters(limits.maxFilters) }
        if let refusal = refusalOfSearching(filters) { return refusal }
        if !terms.features.allTags, filters.contains(where: \.usesAllTags) { return SessionText.noAllTags }
        return nil
    }

    /// Whether words may be searched for, and so often in one request.
    private func refusalOfSearching(_ filters: [Filter]) -> String? {
        guard filters.contains(where: { $0.search != nil }) else { return nil }
        if !terms.features.search { return SessionText.noSearch }
        let count = filters.count(where: \.ranks)
        return count > bounds.searches ? SessionText.tooManySearches(bounds.searches) : nil
    }

    private func refusalOfOneMore(size: Int) -> String? {
        if subscriptions.count >= limits.maxSubscriptions {
            return SessionText.tooManySubscriptions(limits.maxSubscriptions)
        }
        if subscriptions.size + size > bounds.subscriptionBytes { return SessionText.tooMuchSubscribed }
        return nil
    }
}
