// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore

/// Cuts a result into spans of time that are small enough to turn around, so that it can be written oldest first.
///
/// The store reads newest first. A first walk notes where each ten thousandth event lies; then each span is read
/// and turned around, the oldest span first. Memory holds one span.
struct ExportWindows {
    /// Events of one span, but for those that share its oldest second.
    static let events = 10_000

    /// Newest first; bounds are inclusive and spans do not overlap.
    private(set) var spans: [ClosedRange<Int64>] = []
    private var newest: Int64?
    private var oldest: Int64 = 0
    private var count = 0

    /// Notes the next event of the walk.
    mutating func note(_ moment: Timestamp) {
        if count >= Self.events, moment.seconds < oldest { close() }
        newest = newest ?? moment.seconds
        oldest = moment.seconds
        count += 1
    }

    /// Ends the last span.
    mutating func close() {
        if let newest { spans.append(oldest...newest) }
        newest = nil
        count = 0
    }

    /// The filters, cut down to one span.
    static func filters(_ filters: [Filter], within span: ClosedRange<Int64>) -> [Filter] {
        filters.map { filter in
            var cut = filter
            cut.since = Timestamp(max(span.lowerBound, filter.since?.seconds ?? 0))
            cut.until = Timestamp(min(span.upperBound, filter.until?.seconds ?? .max))
            return cut
        }
    }
}
