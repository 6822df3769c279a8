// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Filter {
    /// Whether every condition holds. ``limit`` plays no part.
    public func matches(_ event: Event) -> Bool {
        matches(json: event.json.span, layout: event.layout, id: event.id, pubkey: event.pubkey)
    }

    /// The same on canonical bytes, without allocating unless a value has escapes.
    public func matches(json: Span<UInt8>, layout: EventLayout, id: EventID, pubkey: PublicKey) -> Bool {
        if let since, layout.createdAt < since { return false }
        if let until, layout.createdAt > until { return false }
        if let kinds, !kinds.holds(layout.kind) { return false }
        if let authors, !authors.holds(pubkey) { return false }
        if let ids, !ids.holds(id) { return false }
        guard tags.isEmpty || tagsMatch(json, layout) else { return false }
        return search.map { $0.matches(json: json, layout: layout) } ?? true
    }

    /// One walk over the tags, until every condition has met its tag.
    private func tagsMatch(_ json: Span<UInt8>, _ layout: EventLayout) -> Bool {
        // One bit a condition: see ``CodecLimits/maxTagConditions``.
        var missing: UInt64 = tags.count < 64 ? (1 << UInt64(tags.count)) - 1 : .max
        var scanner = TagScanner(layout)
        while let tag = scanner.next(in: json) {
            guard let letter = tag.letter(in: json), let value = tag.value else { continue }
            for (index, condition) in tags.enumerated() where condition.letter == letter {
                let bit: UInt64 = 1 << UInt64(index)
                guard missing & bit != 0 else { continue }
                let holds =
                    tag.valueHasEscapes
                    ? condition.values.holds(TagValue(bytes: JSONText.unescaped(json, value)))
                    : condition.holds(value, in: json)
                if holds {
                    missing &= ~bit
                    if missing == 0 { return true }
                }
            }
        }
        return false
    }
}

extension Filter.TagCondition {
    /// Binary search on bytes.
    fileprivate func holds(_ range: Range<Int>, in json: Span<UInt8>) -> Bool {
        var low = 0
        var high = values.count
        while low < high {
            let middle = (low + high) / 2
            let order = json.compare(range, to: values[middle].bytes)
            if order == 0 { return true }
            if order < 0 { high = middle } else { low = middle + 1 }
        }
        return false
    }
}

extension Array where Element: Comparable {
    /// Whether a sorted array holds `value`.
    fileprivate func holds(_ value: Element) -> Bool {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] == value { return true }
            if value < self[middle] { high = middle } else { low = middle + 1 }
        }
        return false
    }
}
