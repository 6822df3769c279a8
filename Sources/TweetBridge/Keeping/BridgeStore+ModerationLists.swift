// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

// Items by state, as people look through them.
extension BridgeStore {
    /// Items in one state, the newest first, those before `before`.
    ///
    /// Rows are read upwards only: spans of numbers are read, each before the one before, longer ones where few were found.
    public func items(
        _ state: ModerationState, before: UInt64?, limit: Int
    ) throws(BridgeStoreError) -> [ModerationItem] {
        var end = (try read(.lastItem) ?? 0) + 1
        if let before { end = min(end, before) }
        var span: UInt64 = 256
        var items: [ModerationItem] = []
        while end > 1, items.count < limit {
            let start = end > span ? end - span : 1
            let found = try numbers(state, from: start, limit: limits.page).prefix { $0 < end }
            // As many as a reading holds: there may be more of them behind.
            if found.count == limits.page, span > 1 {
                span /= 2
                continue
            }
            for number in found.reversed().prefix(limit - items.count) {
                if let item = try item(number) { items.append(item) }
            }
            end = start
            if found.count < limits.page / 4 { span = min(span &* 4, 1 << 40) }
        }
        return items
    }

    /// How many items are in a state, up to `most`.
    public func count(_ state: ModerationState, upTo most: Int) throws(BridgeStoreError) -> Int {
        try numbers(state, from: 1, limit: most).count
    }

    private func numbers(
        _ state: ModerationState, from start: UInt64, limit: Int
    ) throws(BridgeStoreError) -> [UInt64] {
        let prefix = RowKey("p").with(byte: state.code)
        return try rows(
            BridgeTables.moderation, prefix, after: prefix.with(start - 1).bytes, limit: limit
        )
        .compactMap { row in
            var reader = KeyReader(row.key, skipping: 2)
            return reader.number()
        }
    }
}
