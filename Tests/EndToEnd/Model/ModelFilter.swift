// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport

/// A filter as its author wrote it, matched by looking at everything.
struct ModelFilter: Sendable {
    var ids: [EventID]?
    var authors: [Int]?
    var kinds: [UInt16]?
    var tags: [String: [String]] = [:]
    var since: Int64?
    var until: Int64?
    var limit: Int?

    func matches(_ event: ModelEvent) -> Bool {
        if let since, event.createdAt < since { return false }
        if let until, event.createdAt > until { return false }
        if let kinds, !kinds.contains(event.kind) { return false }
        if let authors, !authors.contains(event.author) { return false }
        if let ids, !ids.contains(event.id) { return false }
        return tags.allSatisfy { name, wanted in event.values(name).contains { wanted.contains($0) } }
    }

    /// As it goes over the wire.
    var json: String {
        var fields: [String] = []
        func list(_ values: [String]) -> String { "[" + values.joined(separator: ",") + "]" }
        if let ids { fields.append("\"ids\":" + list(ids.map { "\"\($0)\"" })) }
        if let authors {
            fields.append("\"authors\":" + list(authors.map { "\"\(TestKey.publicKey($0))\"" }))
        }
        if let kinds { fields.append("\"kinds\":" + list(kinds.map { "\($0)" })) }
        for (name, values) in tags.sorted(by: { $0.key < $1.key }) {
            fields.append("\"#\(name)\":" + list(values.map { "\"\($0)\"" }))
        }
        if let since { fields.append("\"since\":\(since)") }
        if let until { fields.append("\"until\":\(until)") }
        if let limit { fields.append("\"limit\":\(limit)") }
        return "{" + fields.joined(separator: ",") + "}"
    }

    /// A filter that somebody might send, about things that are there and some that are not.
    static func random(about events: [ModelEvent], using rng: inout SplitMix64) -> ModelFilter {
        var filter = ModelFilter()
        func some<Value>(_ most: Int, _ value: (ModelEvent) -> Value?) -> [Value] {
            (0..<Int.random(in: 1...most, using: &rng)).compactMap { _ in
                events.randomElement(using: &rng).flatMap(value)
            }
        }
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &rng) < percent }
        if chance(12) { filter.ids = some(30) { $0.id } }
        if chance(40) { filter.authors = some(5) { $0.author } }
        if chance(50) { filter.kinds = some(4) { $0.kind } }
        for name in ["t", "e", "a", "d", "p", "E"] where chance(name == "t" ? 25 : 10) {
            let values = some(6) { $0.values(name).randomElement(using: &rng) }
            filter.tags[name] = values.isEmpty && chance(80) ? nil : values
        }
        let moments = some(2) { $0.createdAt }.sorted()
        if chance(30) { filter.since = moments.first }
        if chance(30) { filter.until = moments.last }
        if chance(60) { filter.limit = Int.random(in: chance(10) ? 0...0 : 1...200, using: &rng) }
        return filter
    }
}
