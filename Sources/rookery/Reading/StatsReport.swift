// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore

/// What `rookery stats` tells.
struct StatsReport: Codable, Hashable {
    struct Kind: Codable, Hashable {
        var kind: Int
        var events: Int
        /// **Bytes** of JSON.
        var bytes: Int
        /// Seconds since 1970.
        var oldest: Int64
        var newest: Int64
    }

    struct Author: Codable, Hashable {
        var pubkey: String
        var events: Int
    }

    var store: StoreSizes
    /// Most events first; absent when events were not read, like the rest.
    var kinds: [Kind]?
    var authors: [Author]?
    var authorCount: Int?
    /// **Bytes** that all events take with their index entries, however full the pages are; what `--size` and
    /// `max_size_gib` are about.
    var liveBytes: Int?
    /// Kinds that people are shown.
    private var kindsShown: Int

    private enum CodingKeys: String, CodingKey { case store, kinds, authors, authorCount, liveBytes }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        store = try values.decode(StoreSizes.self, forKey: .store)
        kinds = try values.decodeIfPresent([Kind].self, forKey: .kinds)
        authors = try values.decodeIfPresent([Author].self, forKey: .authors)
        authorCount = try values.decodeIfPresent(Int.self, forKey: .authorCount)
        liveBytes = try values.decodeIfPresent(Int.self, forKey: .liveBytes)
        kindsShown = .max
    }

    init(_ sizes: StoreSizes, _ census: StoreCensus?, kindsShown: Int) {
        store = sizes
        self.kindsShown = kindsShown
        guard let census else { return }
        kinds = census.kinds.map { kind, share in
            Kind(
                kind: Int(kind.rawValue), events: share.events, bytes: share.bytes,
                oldest: share.oldest.seconds, newest: share.newest.seconds)
        }.sorted { ($0.events, $1.kind) > ($1.events, $0.kind) }
        authors = census.authors.map { Author(pubkey: $0.key.hex, events: $0.events) }
        authorCount = census.authorCount
        liveBytes = census.liveBytes
    }

    /// For people.
    var lines: [String] {
        var lines = [
            "events     \(Numbers.grouped(store.events))",
            "file       \(Self.size(store.fileBytes)): \(Self.size(store.inUseBytes)) in use, "
                + "\(Self.size(store.freeBytes)) free for reuse (\(Self.part(store.freeBytes, store.usedBytes)))",
            liveBytes.map { "live       about \(Self.size($0)): all events and their index entries" },
            "map        \(Self.size(store.mapBytes))",
            "feed       commit \(store.feed.latest), \(Numbers.grouped(store.feed.commits)) kept"
                + (store.feed.oldest.map { " from \($0) on" } ?? "") + ", \(Self.size(store.feed.bytes))",
        ].compactMap(\.self)
        lines += store.derived.sorted { $0.key < $1.key }.map { "derived    \($0.key): \($0.value.rawValue)" }
        lines += Self.table(
            ["table", "rows", "size", ""],
            store.tables.filter { $0.rows > 0 }.map {
                [
                    $0.name, Numbers.grouped($0.rows), Self.size($0.bytes),
                    Self.part($0.bytes, store.inUseBytes),
                ]
            })
        if let kinds { lines += Self.table(["kind", "events", "JSON", ""], rows(of: kinds)) }
        if let authors, !authors.isEmpty {
            lines += Self.table(
                ["author (of \(Numbers.grouped(authorCount ?? authors.count)))", "events", ""],
                authors.map { [$0.pubkey, Numbers.grouped($0.events), Self.part($0.events, store.events)] })
        }
        return lines
    }

    private func rows(of kinds: [Kind]) -> [[String]] {
        var rows = kinds.prefix(kindsShown).map {
            [
                String($0.kind), Numbers.grouped($0.events), Self.size($0.bytes),
                Self.part($0.events, store.events),
            ]
        }
        let rest = kinds.dropFirst(kindsShown)
        let events = rest.reduce(0) { $0 + $1.events }
        if !rest.isEmpty {
            rows.append([
                "\(rest.count) others", Numbers.grouped(events),
                Self.size(rest.reduce(0) { $0 + $1.bytes }), Self.part(events, store.events),
            ])
        }
        return rows
    }

    /// Columns under their titles, the first to the left and the others to the right.
    private static func table(_ titles: [String], _ rows: [[String]]) -> [String] {
        let all = [titles] + rows
        let widths = titles.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return [""]
            + all.map { row in
                row.indices.map { column in
                    let space = String(repeating: " ", count: widths[column] - row[column].count)
                    return column == 0 ? row[column] + space : space + row[column]
                }.joined(separator: "  ").trimmingEnd
            }
    }

    private static func size(_ bytes: Int) -> String { DaemonStatus.size(bytes) }

    private static func part(_ part: Int, _ whole: Int) -> String {
        guard whole > 0 else { return "" }
        return "\(ConfigValue.spelt((Double(part) * 1000 / Double(whole)).rounded() / 10)) %"
    }
}

extension String {
    fileprivate var trimmingEnd: String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}
