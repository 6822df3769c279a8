// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A value as an operator writes it, whatever the key means by it.
enum ConfigValue: Hashable, Sendable {
    case text(String)
    case integer(Int)
    case number(Double)
    case flag(Bool)
    case texts([String])
    case numbers([Double])
    case tables([[String: ConfigValue]])

    /// The value as TOML writes it.
    var toml: String {
        switch self {
        case .text(let text): Self.quoted(text)
        case .integer(let integer): String(integer)
        case .number(let number): Self.spelt(number)
        case .flag(let flag): String(flag)
        case .texts(let texts): "[" + texts.map(Self.quoted).joined(separator: ", ") + "]"
        case .numbers(let numbers): "[" + numbers.map(Self.spelt).joined(separator: ", ") + "]"
        case .tables(let tables): "[" + tables.map(Self.inline).joined(separator: ", ") + "]"
        }
    }

    /// A TOML table in one line.
    private static func inline(_ table: [String: ConfigValue]) -> String {
        let items = table.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value.toml)" }
        return items.isEmpty ? "{}" : "{ \(items.joined(separator: ", ")) }"
    }

    /// Whole numbers without a fraction, as they were written.
    static func spelt(_ number: Double) -> String {
        if let whole = Int(exactly: number) { return String(whole) }
        return String(number)
    }

    /// A TOML basic string.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for character in text.unicodeScalars {
            switch character {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where character.value < 32 || character.value == 127:
                let hex = String(character.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(character)
            }
        }
        return result + "\""
    }
}

/// What kind of value a key takes.
enum ConfigKind: Hashable, Sendable {
    case text, integer, number, flag, texts, numbers, tables

    /// How an error names it.
    var noun: String {
        switch self {
        case .text: "a string"
        case .integer: "a whole number"
        case .number: "a number"
        case .flag: "true or false"
        case .texts: "a list of strings"
        case .numbers: "a list of numbers"
        case .tables: "a list of tables"
        }
    }

    /// What an empty list is.
    var empty: ConfigValue? {
        switch self {
        case .numbers: .numbers([])
        case .tables: .tables([])
        case .text, .integer, .number, .flag, .texts: nil
        }
    }

    /// Reads a value from the text of an environment variable or a flag; lists are comma-separated, or as TOML writes
    /// them, and what stands in quotation marks is read as TOML, too.
    ///
    /// - Parameter mixing: whether a list of texts may hold whole numbers.
    func value(of text: String, mixing: Bool = false) -> ConfigValue? {
        let trimmed = Self.trimmed(text[...])
        switch self {
        case .text: return Self.unquoted(trimmed) ?? .text(text)
        case .integer: return Int(text).map { .integer($0) }
        case .number: return Double(text).map { .number($0) }
        case .flag: return Self.flags[text.lowercased()].map { .flag($0) }
        case .texts, .numbers, .tables: break
        }
        guard trimmed.hasPrefix("[") else {
            if self == .tables { return nil }
            return self == .texts ? .texts(Self.items(text)) : Self.numbers(text).map { .numbers($0) }
        }
        if let list = list(trimmed, mixing: mixing) { return list }
        // A shell has taken the quotation marks of [1, "30000-39999"].
        guard mixing, trimmed.hasSuffix("]"), !trimmed.contains("\"") else { return nil }
        return .texts(Self.items(String(trimmed.dropFirst().dropLast())))
    }

    /// Reads a list as TOML writes it.
    private func list(_ toml: String, mixing: Bool) -> ConfigValue? {
        switch (ConfigFile.value(of: toml, mixing: mixing), self) {
        case (.texts([]), .numbers), (.texts([]), .tables): empty
        case (.texts(let texts), .texts): .texts(texts)
        case (.numbers(let numbers), .numbers): .numbers(numbers)
        case (.tables(let tables), .tables): .tables(tables)
        default: nil
        }
    }

    /// Reads a text in quotation marks as TOML does.
    private static func unquoted(_ text: String) -> ConfigValue? {
        guard text.count > 1, let mark = text.first, mark == "\"" || mark == "'", text.last == mark,
            case .text(let content) = ConfigFile.value(of: text, mixing: false)
        else { return nil }
        return .text(content)
    }

    private static let flags = [
        "true": true, "yes": true, "on": true, "1": true, "false": false, "no": false, "off": false,
        "0": false,
    ]

    private static func items(_ text: String) -> [String] {
        parts(of: text).map(trimmed).filter { !$0.isEmpty }
    }

    /// Cuts at commas, but not within the braces, brackets and quotation marks of a filter.
    private static func parts(of text: String) -> [Substring] {
        var parts: [Substring] = []
        var (start, depth, isQuoted, isEscaped) = (text.startIndex, 0, false, false)
        for index in text.indices {
            let character = text[index]
            defer { isEscaped = isQuoted && character == "\\" && !isEscaped }
            if depth > 0, character == "\"", !isEscaped { isQuoted.toggle() }
            if isQuoted { continue }
            if character == "{" || character == "[" { depth += 1 }
            if character == "}" || character == "]" { depth = max(0, depth - 1) }
            guard character == ",", depth == 0 else { continue }
            parts.append(text[start..<index])
            start = text.index(after: index)
        }
        return parts + [text[start...]]
    }

    private static func numbers(_ text: String) -> [Double]? {
        let numbers = items(text).map { Double($0) }
        return numbers.contains(nil) ? nil : numbers.compactMap { $0 }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
