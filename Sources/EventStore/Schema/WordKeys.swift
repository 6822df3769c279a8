// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The entries by which an event is found by its words (NIP-50): one for each, in the table ``IndexTable/word``.
///
///     hash of the word 8 ‖ inverted created_at 8 ‖ id prefix 4 ‖ serial 6
struct WordKeys {
    /// The words of the event at hand, by hash: open addressing, 0 where nothing is.
    private var seen = [UInt64](repeating: 0, count: 4 * SearchLimits.wordsPerEvent)
    private var used: [Int] = []

    /// Hands every entry of an event to `sink`, once.
    mutating func addEntries(
        of event: EventHeader, json: Span<UInt8>, serial: Serial, _ maker: KeyMaker,
        to sink: inout some IndexSink & ~Copyable
    ) {
        guard SearchedText.isSearched(event.kind) else { return }
        let posting = maker.posting(event.createdAt, event.id, serial)
        SearchedText.forEachWord(of: event.layout, json: json) { word, _ in
            let prefix = maker.word(word)
            if isNew(prefix) {
                sink.add(IndexEntry(value: IndexValue(prefix: prefix), posting: posting), to: .word)
            }
            return true
        }
        for place in used { seen[place] = 0 }
        used.removeAll(keepingCapacity: true)
    }

    /// The same of a stored event.
    mutating func addEntries(
        row: Span<UInt8>, serial: Serial, _ maker: KeyMaker, to sink: inout some IndexSink & ~Copyable
    ) throws(StoreError) {
        let record = try EventRecord(row)
        guard SearchedText.isSearched(record.kind) else { return }
        let text = try record.text()
        addEntries(of: try record.header(), json: text.json, serial: serial, maker, to: &sink)
    }

    @inline(__always)
    private mutating func isNew(_ prefix: UInt64) -> Bool {
        let mask = seen.count - 1
        var place = Int(truncatingIfNeeded: prefix >> 32) & mask
        while seen[place] != 0 {
            if seen[place] == prefix { return false }
            place = (place + 1) & mask
        }
        // A word of hash 0 may come twice; entries that are alike are written once.
        seen[place] = prefix
        used.append(place)
        return true
    }
}

extension Snapshot where Self: ~Copyable {
    /// Whether the index of words is in step with the events: nobody has written without it.
    func keepsWords(_ schema: StoreSchema) throws(StoreError) -> Bool {
        guard let row = try value(schema.meta, StoreFormat.keptWordsKey.span) else { return false }
        let expected = StoreFormat.keptWords(try state(schema).sequence)
        return row.count == expected.count && row.starts(with: expected.span)
    }

    /// Whether words can be looked up.
    func findsWords(_ context: StoreContext) throws(StoreError) -> Bool {
        guard context.indexesWords, context.schema[.search] != nil else { return false }
        return try buildState(.search, context.schema) == .whole
    }

    /// The prefixes of the words that a filter searches for; none where they cannot be looked up.
    func searchPrefixes(of filter: Filter, _ context: StoreContext) throws(StoreError) -> [UInt64] {
        guard let words = filter.search?.words, !words.isEmpty, try findsWords(context) else { return [] }
        return words.map { context.maker.word($0) }
    }
}

extension WritableSnapshot where Self: ~Copyable {
    /// Notes that everything up to a commit is in the index of words.
    func markWords(_ sequence: CommitSequence, _ schema: StoreSchema) throws(StoreError) {
        try put(schema.meta, StoreFormat.keptWordsKey.span, StoreFormat.keptWords(sequence).span)
    }
}
