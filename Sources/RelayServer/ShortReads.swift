// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Which pages an event loop reads itself. Handing a reading to a thread and back costs several times what looking up a few events does.
///
/// Only what is short by what it asks for is read so, and not much of it in one burst of messages; after a page that took long, as
/// when it had to come from the disk, everything goes to the reader threads for a while.
struct ShortReads: Sendable {
    private let limits: ShortReadLimits
    /// Nothing is read here before this.
    private var resting: Uptime?
    /// What was read here since the last burst of messages ended.
    private var spent = Duration.zero

    init(_ limits: ShortReadLimits) { self.limits = limits }

    /// Whether the first page of a request may be read here and now.
    mutating func takes(_ filters: [Filter], at moment: Uptime) -> Bool {
        if let resting {
            guard moment >= resting else { return false }
            self.resting = nil
        }
        return spent < .microseconds(limits.burstMicroseconds) && limits.fits(filters)
    }

    /// A page was read here in so long.
    mutating func took(_ duration: Duration, until moment: Uptime) {
        spent += duration
        if duration > .microseconds(limits.slowMicroseconds) {
            resting = moment + .milliseconds(limits.restMilliseconds)
        }
    }

    /// Other conversations have their turn.
    mutating func burstEnded() { spent = .zero }
}

/// What is short enough to be read on an event loop.
public struct ShortReadLimits: Hashable, Sendable {
    /// Filters of a request.
    public var filters = 4
    /// Ids of a filter, or authors and tags times kinds: each may be a place to look at.
    public var values = 32
    /// Events that a filter may hand out, where it says so. One that does not must name ids, authors or tags.
    public var events = 50
    /// **Bytes** of events after which the page ends; a reader thread reads the rest.
    public var bytes = 65_536
    /// Index entries read, with ten for every record loaded, after which the page ends.
    public var work = 1_000
    /// A page ends after so long, in **microseconds**.
    public var pageMicroseconds: Int64 = 500
    /// Work after which the clock is looked at: two records, each of which may have to come from the disk.
    public var workBetweenLooks = 20
    /// What one burst of messages may have read here, in **microseconds**.
    public var burstMicroseconds: Int64 = 2_000
    /// A page that took longer than this many **microseconds** had to wait for the disk.
    public var slowMicroseconds: Int64 = 2_000
    /// Nothing is read here for so long after one, in **milliseconds**.
    public var restMilliseconds: Int64 = 100

    public init() {}

    func fits(_ filters: [Filter]) -> Bool {
        filters.count <= self.filters && filters.allSatisfy(fits)
    }

    private func fits(_ filter: Filter) -> Bool {
        if filter.search != nil { return false }
        if let ids = filter.ids { return ids.count <= values }
        let authors = filter.authors?.count ?? 0
        let places = filter.tags.reduce(authors) { $0 + $1.values.count }
        guard max(1, places) * max(1, filter.kinds?.count ?? 1) <= values else { return false }
        return filter.limit.map { $0 <= events } ?? (places > 0)
    }
}
