// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import RelaySession

/// What is done on a reader thread, or on an event loop where it is short: one page, one slice of a count, one piece of the feed.
struct StoreReader: Sendable {
    let store: EventStore
    let limits: RelayServerLimits
    let relayLimits: RelayLimits
    let clock: RelayClock

    func query(_ filters: [Filter], _ scope: ReadScope) -> StoredQuery {
        StoredQuery(
            filters: filters, maxLimit: relayLimits.maxLimit, defaultLimit: relayLimits.defaultLimit,
            now: clock.now(), scope: scope)
    }

    func readPage(_ query: inout StoredQuery, prefix: [UInt8], _ cancellation: Cancellation) -> (
        PageReport, EventPage
    ) {
        var budget = PageBudget(maxEvents: limits.pageEvents, maxBytes: limits.pageBytes)
        budget.shouldYield = slice(cancellation)
        return readPage(&query, prefix, budget) { cancellation.isCancelled }
    }

    /// A page that is short enough for an event loop.
    func readShortPage(_ query: inout StoredQuery, prefix: [UInt8], from begin: Uptime) -> (
        PageReport, EventPage
    ) {
        let short = limits.shortReads
        var budget = PageBudget(maxEvents: short.events, maxBytes: short.bytes, maxWork: short.work)
        let (uptime, end) = (clock.uptime, begin + .microseconds(short.pageMicroseconds))
        budget.shouldYield = { uptime() >= end }
        budget.askEvery = short.workBetweenLooks
        return readPage(&query, prefix, budget) { false }
    }

    private func readPage(
        _ query: inout StoredQuery, _ prefix: [UInt8], _ budget: PageBudget, isUnwanted: () -> Bool
    ) -> (PageReport, EventPage) {
        var page = EventPage()
        do {
            let end = try query.readPage(of: store, budget: budget) { json, _ in
                page.append(prefix: prefix, event: json)
                return !isUnwanted()
            }
            guard let seen = query.snapshot else {
                preconditionFailure("a page that was read has a snapshot")
            }
            let snapshot = FeedPosition(seen)
            switch end {
            case .more: return (.more(snapshot: snapshot), page)
            case .finished(let isComplete):
                return (.finished(snapshot: snapshot, isComplete: isComplete), page)
            }
        } catch { return (.failed(ReadFailure(error)), EventPage()) }
    }

    /// Counts for one slice of time.
    ///
    /// - Returns: whether the end was reached; `nil` when the store could not be read.
    func count(_ count: inout StoredCount, _ cancellation: Cancellation) -> Bool? {
        var budget = PageBudget()
        budget.shouldYield = slice(cancellation)
        do {
            switch try count.readPage(of: store, budget: budget) {
            case .more: return false
            case .finished: return true
            }
        } catch { return nil }
    }

    /// Reads what was committed after `position` and keeps what matches, until a page is full, if need be inside a commit.
    func catchUp(_ filters: [Filter], _ scope: ReadScope, after position: FeedPosition) -> CatchUpReport {
        let latest = store.latest
        let now = clock.now()
        let start = CommitSequence(rawValue: position.commit)
        do {
            guard
                case .commits(let commits) = try store.feed.piece(
                    after: start, above: position.event, limit: limits.catchUpCommits,
                    bytes: limits.catchUpBytes)
            else { return .beyondHorizon }
            var (events, bytes, end): ([LiveEvent], Int, FeedPosition) = ([], 0, position)
            reading: for commit in commits {
                for (event, number) in zip(commit.stored, commit.numbers) {
                    if bytes >= limits.pageBytes { break reading }
                    end = .after(event: number, of: commit.sequence.rawValue)
                    guard filters.contains(where: { $0.matches(event) }), scope.allows(event) else {
                        continue
                    }
                    if let expiration = event.expiration, expiration <= now { continue }
                    events.append(LiveEvent(event, at: end))
                    bytes += event.json.count
                }
                if commit.isWhole { end = FeedPosition(commit.sequence) }
            }
            if commits.isEmpty { end = max(end, FeedPosition(latest)) }
            return .read(events, upTo: end, isComplete: end >= FeedPosition(latest))
        } catch { return .failed(ReadFailure(error)) }
    }

    func slice(_ cancellation: Cancellation) -> () -> Bool {
        let uptime = clock.uptime
        let end = uptime() + .milliseconds(limits.pageMilliseconds)
        return { cancellation.isCancelled || uptime() >= end }
    }
}

extension FeedPosition {
    init(_ sequence: CommitSequence) { self.init(commit: sequence.rawValue) }
}

extension ReadFailure {
    init(_ error: StoreError) {
        switch error {
        case .busy: self = .busy
        case .unready: self = .unready
        case .changed: self = .changed
        default: self = .fault
        }
    }
}
