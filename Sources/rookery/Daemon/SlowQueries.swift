// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore

/// The last requests that took long, for whoever looks.
final class SlowQueries: Sendable {
    /// One of them.
    struct Query: Codable, Hashable, Sendable {
        /// Seconds since 1970 at which its stored events were all sent.
        var at: Int64
        var milliseconds: Int
        /// Index entries read, with ten for every event looked at: little, when it was the client that was slow.
        var work: Int
        var events: Int
        /// Its filters as JSON, cut.
        var filters: String
    }

    /// How many are remembered.
    static let countMax = 20
    /// **Bytes** of the filters of one.
    static let filterBytesMax = 400

    private let now: @Sendable () -> Timestamp
    private let queries = NIOLockedValueBox<[Query]>([])

    init(now: @escaping @Sendable () -> Timestamp = SystemClocks.now) { self.now = now }

    func note(_ latency: Duration, work: Int, events: Int, filters: [Filter]) {
        var text = ""
        for filter in filters where text.utf8.count <= Self.filterBytesMax {
            text += (text.isEmpty ? "" : ",") + filter.canonicalJSON.prefix(Self.filterBytesMax)
        }
        if text.utf8.count > Self.filterBytesMax { text = String(text.prefix(Self.filterBytesMax)) + "…" }
        let query = Query(
            at: now().seconds, milliseconds: Int(latency / .milliseconds(1)), work: work, events: events,
            filters: text)
        queries.withLockedValue { queries in
            queries.append(query)
            if queries.count > Self.countMax { queries.removeFirst() }
        }
    }

    /// Newest first.
    var list: [Query] { queries.withLockedValue { $0.reversed() } }
}
