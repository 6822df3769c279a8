// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// One key of the configuration: how it is called, what it takes, where it goes.
struct ConfigKey: Sendable {
    /// Dotted, as in the file: `relay.limits.max_limit`.
    let path: String
    let kind: ConfigKind
    /// What values it takes, beyond their kind: `1 … 100`; may be empty.
    var bounds = ""
    /// What it does, in a sentence or two for the reference.
    private(set) var meaning = ""
    /// Shown as `***` by `config check`.
    var isSecret = false
    /// Of a list of tables: the keys of one, in the order in which they are printed.
    private(set) var columns: [String] = []
    /// Whether a list may hold whole numbers beside texts.
    var mayMixNumbers = false
    let assign: @Sendable (inout Settings, ConfigValue) throws(ConfigProblem) -> Void
    let read: @Sendable (Settings) -> ConfigValue

    /// The same key, masked by `config check`.
    func secret() -> ConfigKey {
        var key = self
        key.isSecret = true
        return key
    }

    /// The same key, with what it does.
    func about(_ meaning: String) -> ConfigKey {
        var key = self
        key.meaning = meaning
        return key
    }

    /// The same key, with what values it takes.
    func taking(_ bounds: String) -> ConfigKey {
        var key = self
        key.bounds = bounds
        return key
    }

    /// The same key, whose tables have these keys.
    func ofTables(_ columns: [String]) -> ConfigKey {
        var key = self
        key.columns = columns
        return key
    }

    /// Reads the text of a flag or an environment variable.
    func value(of text: String) -> ConfigValue? { kind.value(of: text, mixing: mayMixNumbers) }

    /// What it takes, as an error or the reference names it.
    var noun: String { mayMixNumbers ? "a list of numbers and strings" : kind.noun }

    /// The section the key stands in: `relay.limits`, or empty at the top.
    var section: String {
        guard let dot = path.lastIndex(of: ".") else { return "" }
        return String(path[..<dot])
    }

    /// The last part of the path.
    var name: String { String(path[(path.lastIndex(of: ".").map(path.index(after:)) ?? path.startIndex)...]) }
}

/// Where in the settings a key's value goes.
typealias Place<Value> = WritableKeyPath<Settings, Value> & Sendable

extension ConfigKey {
    /// Text of at most `max` bytes without control characters.
    static func text(_ path: String, _ place: any Place<String>, max: Int = 4096) -> ConfigKey {
        parsed(path, place, show: { $0 }) { text throws(ConfigProblem) in try plain(text, max: max) }
            .taking("at most \(max) bytes")
    }

    /// Text that stands for something; an empty one often for nothing.
    static func parsed<Value>(
        _ path: String, _ place: any Place<Value>, show: @escaping @Sendable (Value) -> String,
        parse: @escaping @Sendable (String) throws(ConfigProblem) -> Value
    ) -> ConfigKey {
        ConfigKey(path: path, kind: .text) { settings, value throws(ConfigProblem) in
            guard case .text(let text) = value else { throw ConfigProblem("must be \(ConfigKind.text.noun)") }
            settings[keyPath: place] = try parse(text)
        } read: {
            .text(show($0[keyPath: place]))
        }
    }

    /// A list of things that are each written as text; at most `max` of them.
    static func list<Value>(
        _ path: String, _ place: any Place<[Value]>, max: Int = 1000,
        show: @escaping @Sendable (Value) -> String,
        parse: @escaping @Sendable (String) throws(ConfigProblem) -> Value
    ) -> ConfigKey {
        ConfigKey(path: path, kind: .texts, bounds: "at most \(max) items") {
            settings, value throws(ConfigProblem) in
            guard case .texts(let texts) = value else {
                throw ConfigProblem("must be \(ConfigKind.texts.noun)")
            }
            guard texts.count <= max else { throw ConfigProblem("has \(texts.count) items; at most \(max)") }
            var values: [Value] = []
            for text in texts { values.append(try parse(text)) }
            settings[keyPath: place] = values
        } read: {
            .texts($0[keyPath: place].map(show))
        }
    }

    /// One word of a closed set.
    static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ path: String, _ place: any Place<Value>
    ) -> ConfigKey {
        let words = Value.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        return parsed(path, place, show: \.rawValue) { text throws(ConfigProblem) in
            if let value = Value(rawValue: text) { return value }
            throw ConfigProblem("must be one of \(words), not \(shown(text))")
        }.taking(words)
    }

    /// True or false.
    static func flag(_ path: String, _ place: any Place<Bool>) -> ConfigKey {
        ConfigKey(path: path, kind: .flag) { settings, value throws(ConfigProblem) in
            guard case .flag(let flag) = value else { throw ConfigProblem("must be \(ConfigKind.flag.noun)") }
            settings[keyPath: place] = flag
        } read: {
            .flag($0[keyPath: place])
        }
    }

    /// A whole number.
    static func integer(_ path: String, _ place: any Place<Int>, in range: ClosedRange<Int>) -> ConfigKey {
        ConfigKey(path: path, kind: .integer, bounds: "\(range.lowerBound) … \(range.upperBound)") {
            settings, value throws(ConfigProblem) in
            guard case .integer(let number) = value else {
                throw ConfigProblem("must be \(ConfigKind.integer.noun)")
            }
            guard range.contains(number) else {
                throw ConfigProblem("must be from \(range.lowerBound) to \(range.upperBound), not \(number)")
            }
            settings[keyPath: place] = number
        } read: {
            .integer($0[keyPath: place])
        }
    }

    /// A number that may have a fraction.
    static func number(_ path: String, _ place: any Place<Double>, in range: ClosedRange<Double>) -> ConfigKey
    {
        ConfigKey(path: path, kind: .number, bounds: bounds(of: range)) {
            settings, value throws(ConfigProblem) in
            settings[keyPath: place] = try number(value, in: range)
        } read: {
            .number($0[keyPath: place])
        }
    }

    /// A span of time, written as a number of `unit`s that may have a fraction.
    static func span(
        _ path: String, _ place: any Place<Duration>, unit: TimeUnit, in range: ClosedRange<Double>
    ) -> ConfigKey {
        ConfigKey(path: path, kind: .number, bounds: "\(bounds(of: range)) \(unit)") {
            settings, value throws(ConfigProblem) in
            settings[keyPath: place] = unit.duration(try number(value, in: range))
        } read: {
            .number(unit.count($0[keyPath: place]))
        }
    }

    private static func bounds(of range: ClosedRange<Double>) -> String {
        "\(ConfigValue.spelt(range.lowerBound)) … \(ConfigValue.spelt(range.upperBound))"
    }

    static func number(
        _ value: ConfigValue, in range: ClosedRange<Double>
    ) throws(ConfigProblem) -> Double {
        let number: Double
        switch value {
        case .number(let given): number = given
        case .integer(let given): number = Double(given)
        case .text, .flag, .texts, .numbers, .tables: throw ConfigProblem("must be \(ConfigKind.number.noun)")
        }
        guard range.contains(number) else {
            let bounds = (ConfigValue.spelt(range.lowerBound), ConfigValue.spelt(range.upperBound))
            throw ConfigProblem("must be from \(bounds.0) to \(bounds.1), not \(ConfigValue.spelt(number))")
        }
        return number
    }

    static func plain(_ text: String, max: Int) throws(ConfigProblem) -> String {
        guard text.utf8.count <= max else { throw ConfigProblem("must be at most \(max) bytes long") }
        guard text.utf8.allSatisfy({ $0 >= 32 || $0 == 10 || $0 == 9 }) else {
            throw ConfigProblem("must not hold control characters")
        }
        return text
    }

    /// A value as an error shows it: quoted and short.
    static func shown(_ text: String) -> String {
        ConfigValue.quoted(text.count > 80 ? text.prefix(80) + "…" : text)
    }
}
