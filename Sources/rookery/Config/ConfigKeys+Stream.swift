// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

extension ConfigKeys {
    /// `[[stream]]`: the one key that is a table, as often as there are streams.
    static let stream = ConfigKey(path: "stream", kind: .tables) { settings, value throws(ConfigProblem) in
        guard case .tables(let tables) = value else { throw ConfigProblem("must be written as [[stream]]") }
        settings.streams = try streams(tables)
    } read: {
        .tables($0.streams.map(StreamKey.table))
    }
    .taking("at most \(StreamConfigLimits.streams) of them")
    .about("Relays to mirror, or to be mirrored by.")
    .ofTables(StreamKey.allCases.map(\.rawValue))

    private static func streams(
        _ tables: [[String: ConfigValue]]
    ) throws(ConfigProblem) -> [StreamSettings] {
        guard tables.count <= StreamConfigLimits.streams else {
            throw ConfigProblem("there are \(tables.count) of them; at most \(StreamConfigLimits.streams)")
        }
        var streams: [StreamSettings] = []
        for (index, table) in tables.enumerated() {
            let stream = try StreamKey.stream(table, unnamed: "stream-\(index + 1)")
            if streams.contains(where: { $0.name == stream.name }) {
                throw ConfigProblem("two of them have the name \(ConfigKey.shown(stream.name))")
            }
            streams.append(stream)
        }
        let conversations = streams.reduce(0) { $0 + $1.urls.count }
        guard conversations <= StreamConfigLimits.conversations else {
            throw ConfigProblem(
                "they name \(conversations) relays together; at most \(StreamConfigLimits.conversations)")
        }
        return streams
    }
}

/// The keys of one `[[stream]]`.
enum StreamKey: String, CaseIterable {
    case name, urls, direction, filter

    var noun: String { self == .urls ? ConfigKind.texts.noun : ConfigKind.text.noun }

    var bounds: String {
        switch self {
        case .name: "at most \(StreamConfigLimits.nameLength) bytes, no two alike"
        case .urls: "1 … \(StreamConfigLimits.urlsPerStream) items"
        case .direction: "\"down\", \"up\", \"both\""
        case .filter: "a Nostr filter as JSON, without `limit` and `search`"
        }
    }

    var usual: String {
        switch self {
        case .name: "`\"stream-1\"`, …"
        case .urls: ""
        case .direction: "`\"both\"`"
        case .filter: "`\"{}\"`"
        }
    }

    var meaning: String {
        switch self {
        case .name: "What the stream is called in logs, metrics and `rookery status`."
        case .urls: "The relays, each a conversation of its own; they may have private addresses."
        case .direction: "Whether events come from there, go there, or both."
        case .filter: "Which events. What it does not match is neither taken nor sent."
        }
    }

    /// Reads one table.
    ///
    /// - Parameter unnamed: what it is called unless it says so itself.
    static func stream(
        _ table: [String: ConfigValue], unnamed: String
    ) throws(ConfigProblem) -> StreamSettings {
        var stream = StreamSettings(name: unnamed, urls: [])
        if let value = table["name"] { stream.name = try name(value, of: unnamed) }
        func fail(_ key: String, _ problem: String) -> ConfigProblem {
            ConfigProblem("\(ConfigKey.shown(stream.name)): \(key): \(problem)")
        }
        for (name, value) in table.sorted(by: { $0.key < $1.key }) {
            guard let key = StreamKey(rawValue: name) else {
                let near = allCases.min {
                    EditDistance.between($0.rawValue, name) < EditDistance.between($1.rawValue, name)
                }
                let hint = near.flatMap { EditDistance.between($0.rawValue, name) <= 3 ? $0 : nil }
                throw fail(name, "unknown key" + (hint.map { "; did you mean \($0.rawValue)?" } ?? ""))
            }
            do { try key.assign(value, to: &stream) } catch { throw fail(name, error.text) }
        }
        if stream.urls.isEmpty { throw fail("urls", "must name at least one relay") }
        return stream
    }

    private static func name(_ value: ConfigValue, of unnamed: String) throws(ConfigProblem) -> String {
        let problem: String
        if case .text(let name) = value {
            let isPlain = name.utf8.allSatisfy { $0 > 32 && $0 != 127 && $0 != UInt8(ascii: "\"") }
            if isPlain, !name.isEmpty, name.utf8.count <= StreamConfigLimits.nameLength { return name }
            problem =
                "must be one word of at most \(StreamConfigLimits.nameLength) bytes, not \(ConfigKey.shown(name))"
        } else {
            problem = "must be \(ConfigKind.text.noun)"
        }
        throw ConfigProblem("\(ConfigKey.shown(unnamed)): name: \(problem)")
    }

    private func assign(_ value: ConfigValue, to stream: inout StreamSettings) throws(ConfigProblem) {
        switch (self, value) {
        case (.name, _): break
        case (.urls, .texts(let texts)): stream.urls = try Self.urls(texts)
        case (.direction, .text(let text)):
            guard let direction = SyncDirection(rawValue: text) else {
                throw ConfigProblem("must be one of \(bounds), not \(ConfigKey.shown(text))")
            }
            stream.direction = direction
        case (.filter, .text(let text)): stream.filter = try Self.filter(text)
        case (.urls, _), (.direction, _), (.filter, _): throw ConfigProblem("must be \(noun)")
        }
    }

    private static func urls(_ texts: [String]) throws(ConfigProblem) -> [RelayURL] {
        guard texts.count <= StreamConfigLimits.urlsPerStream else {
            throw ConfigProblem("has \(texts.count) items; at most \(StreamConfigLimits.urlsPerStream)")
        }
        var urls: [RelayURL] = []
        for text in texts {
            let url = try ConfigKeys.relayURL(text)
            if urls.contains(url) { throw ConfigProblem("names \(url) twice") }
            urls.append(url)
        }
        return urls
    }

    private static func filter(_ text: String) throws(ConfigProblem) -> Filter {
        guard text.utf8.count <= StreamConfigLimits.filterLength else {
            throw ConfigProblem("must be at most \(StreamConfigLimits.filterLength) bytes long")
        }
        let filter: Filter
        do { filter = try Filter.parse(Array(text.utf8)) } catch {
            throw ConfigProblem("must be a Nostr filter as JSON, not \(ConfigKey.shown(text)): \(error.text)")
        }
        // Both are about one answer, and a stream has no end.
        if filter.limit != nil { throw ConfigProblem("takes no limit: \(ConfigKey.shown(text))") }
        if filter.search != nil { throw ConfigProblem("takes no search: \(ConfigKey.shown(text))") }
        if filter.matchesNothing { throw ConfigProblem("matches nothing: \(ConfigKey.shown(text))") }
        return filter
    }

    static func table(_ stream: StreamSettings) -> [String: ConfigValue] {
        [
            "name": .text(stream.name), "urls": .texts(stream.urls.map(\.text)),
            "direction": .text(stream.direction.rawValue), "filter": .text(stream.filter.canonicalJSON),
        ]
    }
}

extension Settings {
    /// Streams that name this relay itself.
    var streamsToOurselves: [(name: String, url: RelayURL)] {
        if streams.isEmpty { return [] }
        let own = ownAddresses(listening: relay.listen)
        return streams.flatMap { stream in
            stream.urls.filter(own.contains).map { (name: stream.name, url: $0) }
        }
    }
}
