// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Takes index entries one by one.
protocol IndexSink: ~Copyable {
    mutating func add(_ entry: IndexEntry, to table: IndexTable)
}

/// The index entries of an event: the one place that says what is findable by what.
struct EventKeys {
    let maker: KeyMaker

    /// Hands every entry of an event to `sink`, the same one more than once when a tag is repeated.
    func addEntries(
        of event: EventHeader, json: Span<UInt8>, serial: Serial, to sink: inout some IndexSink & ~Copyable
    ) {
        let posting = maker.posting(event.createdAt, event.id, serial)
        let kind = event.kind.rawValue
        let author = maker.author(event.pubkey)
        sink.add(Self.short(maker.id(event.id), serial), to: .id)
        sink.add(IndexEntry(value: IndexValue(), posting: posting), to: .created)
        sink.add(IndexEntry(value: IndexValue(kind: kind), posting: posting), to: .kind)
        sink.add(IndexEntry(value: IndexValue(prefix: author), posting: posting), to: .author)
        sink.add(IndexEntry(value: IndexValue(prefix: author, kind: kind), posting: posting), to: .authorKind)
        if let expiration = event.expiration {
            sink.add(Self.short(UInt64(bitPattern: expiration.seconds), serial), to: .expiry)
        }
        if event.kind.isReplaceable || event.kind.isAddressable {
            let identifier =
                event.kind.isAddressable ? event.layout.identifier(in: json) : TagValue(bytes: [])
            let address = maker.address(event.kind, event.pubkey, identifier.bytes.span)
            sink.add(Self.short(address, serial), to: .address)
        }
        addTags(of: event, json: json, posting: posting, to: &sink)
    }

    private func addTags(
        of event: EventHeader, json: Span<UInt8>, posting: Posting, to sink: inout some IndexSink & ~Copyable
    ) {
        var tags = TagScanner(event.layout)
        while let tag = tags.next(in: json) {
            guard let letter = tag.letter(in: json), let range = tag.value else { continue }
            let hash: UInt64
            if tag.valueHasEscapes {
                guard let value = tag.value(in: json) else { continue }
                hash = maker.tag(letter, value.bytes.span)
            } else {
                hash = maker.tag(letter, json.extracting(range))
            }
            sink.add(IndexEntry(value: IndexValue(prefix: hash), posting: posting), to: .tag)
            if KeyMaker.isIndexedByKind(letter) {
                let value = IndexValue(prefix: hash, kind: event.kind.rawValue)
                sink.add(IndexEntry(value: value, posting: posting), to: .tagKind)
            }
        }
    }

    /// An entry of a table without times.
    private static func short(_ prefix: UInt64, _ serial: Serial) -> IndexEntry {
        IndexEntry(
            value: IndexValue(prefix: prefix), posting: Posting(invertedTime: 0, idPrefix: 0, serial: serial))
    }

    /// Whether a tag of this letter has this first value.
    ///
    /// - Parameter room: how many of the tags that name others are looked at.
    static func hasTag(
        _ letter: UInt8, _ value: TagValue, _ layout: EventLayout, _ json: Span<UInt8>, within room: Int
    ) -> Bool {
        var tags = TagScanner(layout)
        var room = room
        while room > 0, let tag = tags.next(in: json) {
            guard let name = tag.letter(in: json), let range = tag.value else { continue }
            if Reference.letters.contains(name) { room -= 1 }
            guard name == letter else { continue }
            if tag.valueHasEscapes {
                if tag.value(in: json) == value { return true }
            } else if range.count == value.bytes.count, json.extracting(range).starts(with: value.bytes.span)
            {
                return true
            }
        }
        return false
    }
}
