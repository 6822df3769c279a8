// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TOMLKit

/// The values of a TOML file, by dotted key.
enum ConfigFile {
    /// Bytes; a configuration is a page or two.
    static let maxLength = 1 << 20

    /// - Throws: when the file cannot be read or is no TOML. Whether its keys exist is judged later.
    static func values(at path: String) throws(ConfigError) -> [String: ConfigValue] {
        let text: String
        do { text = try SmallFile.text(at: path, max: maxLength) } catch {
            throw ConfigError("\(path): \(error.description)")
        }
        return try values(in: text, path: path)
    }

    static func values(in text: String, path: String) throws(ConfigError) -> [String: ConfigValue] {
        if let defect = TOMLDefects.first(in: text) { throw ConfigError("\(path): not TOML: \(defect)") }
        let table: TOMLTable
        do { table = try TOMLTable(string: text) } catch {
            let parsing = error as? TOMLParseError
            let line = parsing.map { ":\($0.source.begin.line)" } ?? ""
            throw ConfigError("\(path)\(line): not TOML: \(firstLine(parsing?.description ?? "\(error)"))")
        }
        var values: [String: ConfigValue] = [:]
        try collect(table, prefix: "", path: path, into: &values)
        return values
    }

    /// One value as TOML writes it; `nil` when it is none, or none of ours.
    ///
    /// - Parameter mixing: whether a list may hold texts and whole numbers; then all become texts.
    static func value(of toml: String, mixing: Bool) -> ConfigValue? {
        let text = "value = \(toml)"
        guard TOMLDefects.first(in: text) == nil, let table = try? TOMLTable(string: text),
            table.keys == ["value"],
            let value = table["value"], value.table == nil
        else { return nil }
        return mixing ? texts(value) ?? plain(value) : plain(value)
    }

    private static func collect(
        _ table: TOMLTable, prefix: String, path: String, into values: inout [String: ConfigValue]
    ) throws(ConfigError) {
        for key in table.keys.sorted() {
            guard let value = table[key] else { continue }
            let name = prefix + key
            if let inner = value.table {
                if ConfigKeys.byPath[name]?.kind == .tables {
                    throw ConfigError(
                        key: name, problem: "must be written as [[\(name)]]", source: .file(path))
                }
                guard !inner.isEmpty || ConfigKeys.sections.contains(name) else {
                    throw ConfigError(key: name, problem: "unknown section", source: .file(path))
                }
                try collect(inner, prefix: name + ".", path: path, into: &values)
            } else if ConfigKeys.byPath[name]?.mayMixNumbers == true, let texts = texts(value) {
                values[name] = texts
            } else if let plain = plain(value) {
                values[name] = plain
            } else {
                throw ConfigError(
                    key: name, problem: "a value of this kind is not understood", source: .file(path))
            }
        }
    }

    /// A list of texts and whole numbers, as texts.
    private static func texts(_ value: any TOMLValueConvertible) -> ConfigValue? {
        guard let array = value.array else { return nil }
        let texts = array.compactMap { item in item.string ?? item.int.map { String($0) } }
        return texts.count == array.count ? .texts(texts) : nil
    }

    private static func plain(_ value: any TOMLValueConvertible) -> ConfigValue? {
        if let text = value.string { return .text(text) }
        if let integer = value.int { return .integer(integer) }
        if let number = value.double { return .number(number) }
        if let flag = value.bool { return .flag(flag) }
        guard let array = value.array else { return nil }
        let items = array.map { item in item.table.map(table) ?? plain(item) }
        if items.allSatisfy({ if case .text = $0 { true } else { false } }) {
            return .texts(items.compactMap { if case .text(let text) = $0 { text } else { nil } })
        }
        let tables = items.compactMap { if case .tables(let tables) = $0 { tables.first } else { nil } }
        if tables.count == items.count { return .tables(tables) }
        let numbers = items.compactMap { item -> Double? in
            switch item {
            case .integer(let integer): Double(integer)
            case .number(let number): number
            case .text, .flag, .texts, .numbers, .tables, nil: nil
            }
        }
        return numbers.count == items.count ? .numbers(numbers) : nil
    }

    /// One table of a list; `nil` when something in it is none of ours.
    private static func table(_ table: TOMLTable) -> ConfigValue? {
        var values: [String: ConfigValue] = [:]
        for key in table.keys {
            guard let value = table[key].flatMap(plain) else { return nil }
            values[key] = value
        }
        return .tables([values])
    }

    private static func firstLine(_ text: String) -> String {
        String(text.split(separator: "\n").first ?? "unreadable")
    }
}
