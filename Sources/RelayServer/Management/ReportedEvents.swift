// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore

/// Stored events that somebody reported (NIP-56), the newest reports' first.
struct ReportedEvents: Sendable {
    struct Entry: Sendable {
        var id: EventID
        /// What it is reported for; often one word.
        var reason: String
    }

    let limits: ManagementLimits

    /// Reads for as long as that takes: for a thread that may wait.
    ///
    /// - Parameter decided: what needs no further look.
    func read(
        from store: EventStore, besides decided: Set<EventID>, at now: Timestamp
    ) throws(StoreError) -> [Entry] {
        var query = StoredQuery(
            filters: [Filter(kinds: [1984])], maxLimit: limits.reports, defaultLimit: limits.reports, now: now
        )
        var (seen, named) = (decided, [Entry]())
        var end: PageEnd
        repeat {
            end = try query.readPage(of: store, budget: PageBudget(maxEvents: 100)) { json, report in
                var (tags, left) = (TagScanner(report.layout), limits.eventsPerReport)
                while left > 0, let tag = tags.next(in: json) {
                    guard let id = event(of: tag, in: json) else { continue }
                    left -= 1
                    if seen.insert(id).inserted {
                        named.append(Entry(id: id, reason: reason(of: tag, in: json)))
                    }
                }
                return true
            }
        } while end == .more
        let states = try store.known(named.map(\.id), now: now)
        return Array(zip(named, states).lazy.filter { $1 != .unknown }.map(\.0).prefix(limits.reportedEvents))
    }

    private func event(of tag: ScannedTag, in json: Span<UInt8>) -> EventID? {
        guard tag.letter(in: json) == UInt8(ascii: "e"), let value = tag.value else { return nil }
        return Hex.decode32(json.extracting(value)).map { EventID($0) }
    }

    private func reason(of tag: ScannedTag, in json: Span<UInt8>) -> String {
        let text = tag.elements(in: json).dropFirst(2).first?.string ?? ""
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limits.reasonLength)))
    }
}
