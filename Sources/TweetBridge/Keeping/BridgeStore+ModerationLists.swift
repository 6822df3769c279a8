// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

// What people look through, the newest first.
extension BridgeStore {
    /// Items in one state, the newest first, those before `before`.
    public func items(
        _ state: ModerationState, before: UInt64?, limit: Int
    ) throws(BridgeStoreError) -> [ModerationItem] {
        let prefix = RowKey("p").with(byte: state.code)
        var end = (try read(.lastItem) ?? 0) + 1
        if let before { end = min(end, before) }
        var items: [ModerationItem] = []
        for key in try keys(prefix, before: prefix.with(end).bytes, limit: limit) {
            var reader = KeyReader(key, skipping: 2)
            if let number = reader.number(), let item = try item(number) { items.append(item) }
        }
        return items
    }

    /// What happened to all items, the newest first, before `before`.
    public func audit(before: AuditEntry?, limit: Int) throws(BridgeStoreError) -> [AuditEntry] {
        let prefix = RowKey("t")
        let end = before.map { prefix.with(ms: $0.at).with($0.item).with($0.revision) }
        var entries: [AuditEntry] = []
        for key in try keys(prefix, before: (end ?? prefix.with(ms: now() + 1)).bytes, limit: limit) {
            var reader = KeyReader(key, skipping: 9)
            guard let item = reader.number(), let revision = reader.short(),
                let entry = try read(.audit(item, revision))
            else { continue }
            entries.append(entry)
        }
        return entries
    }

    /// How many items are in a state, up to `most`.
    public func count(_ state: ModerationState, upTo most: Int) throws(BridgeStoreError) -> Int {
        try rows(BridgeTables.moderation, RowKey("p").with(byte: state.code), limit: most).count
    }

    /// Keys of moderation rows that go on with a number, the last ones before `end`, downwards.
    ///
    /// Rows are read upwards only: a span of numbers is read, then the one below it; a longer one where few were found, a shorter one
    /// where a reading does not hold them all.
    private func keys(
        _ prefix: RowKey, before end: [UInt8], limit: Int
    ) throws(BridgeStoreError) -> [[UInt8]] {
        func number(_ key: [UInt8]) -> UInt64 {
            var reader = KeyReader(key, skipping: prefix.bytes.count)
            return reader.number() ?? 0
        }
        guard let first = try rows(BridgeTables.moderation, prefix, limit: 1).first else { return [] }
        let floor = number(first.key)
        var (found, end, top, span): ([[UInt8]], _, _, UInt64) = ([], end, number(end) + 1, 256)
        while top > floor, found.count < limit {
            let start = top - floor > span ? top - span : floor
            let lower = prefix.with(start).bytes
            let (keys, isWhole) = try keys(prefix, from: lower, to: end, readsOn: top - start == 1)
            guard isWhole else {
                span = max(1, (top - start) / 2)
                continue
            }
            found += keys.reversed().prefix(limit - found.count)
            (end, top) = (lower, start)
            if keys.count < limits.page / 4 { span = span < 1 << 60 ? span * 4 : span }
        }
        return found
    }

    /// The keys from `lower` to before `end`, as far as a reading holds them.
    ///
    /// - Parameter readsOn: all of them, in as many readings as that takes.
    private func keys(
        _ prefix: RowKey, from lower: [UInt8], to end: [UInt8], readsOn: Bool
    ) throws(BridgeStoreError) -> (keys: [[UInt8]], isWhole: Bool) {
        var keys: [[UInt8]] = []
        // A row of that very key counts as well.
        if try value(BridgeTables.moderation, RowKey(bytes: lower)) != nil, Self.isBefore(lower, end) {
            keys.append(lower)
        }
        var last = lower
        while true {
            let rows = try rows(BridgeTables.moderation, prefix, after: last, limit: limits.page)
            keys += rows.lazy.map(\.key).prefix { Self.isBefore($0, end) }
            guard let further = rows.last?.key, rows.count == limits.page, Self.isBefore(further, end) else {
                return (keys, true)
            }
            guard readsOn else { return (keys, false) }
            last = further
        }
    }

    private static func isBefore(_ a: [UInt8], _ b: [UInt8]) -> Bool { a.lexicographicallyPrecedes(b) }
}
