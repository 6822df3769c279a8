// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What a transaction's events add to sketches (NIP-45), gathered so that each row is read and written once.
struct SketchBatch {
    private(set) var pending: [SketchEntry] = []

    /// Tags of one event that count at most: a list of contacts has thousands.
    static let tagsMax = 5_000

    /// Adds what an event counts for.
    mutating func add(_ event: EventHeader, json: Span<UInt8>) {
        guard CountedQuery.counts(event.kind) else { return }
        Self.forEachEntry(of: event, json: json) { pending.append($0) }
    }

    /// The same of a stored event.
    mutating func add(row: Span<UInt8>) throws(StoreError) {
        let record = try EventRecord(row)
        guard CountedQuery.counts(record.kind) else { return }
        let text = try record.text()
        add(try record.header(), json: text.json)
    }

    static func forEachEntry(of event: EventHeader, json: Span<UInt8>, _ body: (SketchEntry) -> Void) {
        guard CountedQuery.counts(event.kind) else { return }
        var tags = TagScanner(event.layout)
        var room = tagsMax
        while room > 0, let tag = tags.next(in: json) {
            guard let letter = tag.letter(in: json),
                let query = CountedQuery(kind: event.kind, letter: letter), let range = tag.value
            else { continue }
            room -= 1
            let target: CountedTarget
            if tag.valueHasEscapes {
                guard let value = tag.value(in: json) else { continue }
                target = CountedTarget(value.bytes.span)
            } else {
                target = CountedTarget(json.extracting(range))
            }
            body(SketchEntry(query, target, HyperLogLog.register(of: event.pubkey, offset: target.offset)))
        }
    }

    /// Writes everything gathered.
    mutating func flush(
        to transaction: borrowing some WritableSnapshot & ~Copyable, _ table: Table
    ) throws(StoreError) {
        guard !pending.isEmpty else { return }
        pending.sort()
        var start = 0
        while start < pending.count {
            let key = pending[start].key
            var row = SketchRow()
            if let old = try transaction.value(table, key.span) { row = try SketchRow(old) }
            let before = row.sketch
            var end = start
            while end < pending.count, pending[end].isBeside(pending[start]) {
                row.raise(pending[end].index, to: pending[end].value)
                end += 1
            }
            if row.sketch != before { try transaction.put(table, key.span, row.row.span) }
            start = end
        }
        pending.removeAll(keepingCapacity: true)
    }
}
