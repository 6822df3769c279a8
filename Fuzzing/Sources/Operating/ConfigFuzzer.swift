// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The configuration (TOML): what is read and written again reads the same, and so does what an environment variable says.
///
/// What each key makes of its value is tried by `ConfigMutationTests`.
enum ConfigFuzzer {
    static func feed(_ input: FuzzInput) {
        guard let text = String(validating: input.array, as: UTF8.self), !text.utf8.contains(0) else {
            claim(
                (try? ConfigFile.values(in: input.text, path: "fuzz.toml")) == nil
                    || !input.array.contains(0), "NUL")
            return
        }
        let kinds: [ConfigKind] = [.text, .integer, .number, .flag, .texts, .numbers, .tables]
        for kind in kinds {
            for mixing in [false, true] {
                guard let value = kind.value(of: text, mixing: mixing) else { continue }
                check(value)
            }
        }
        if let value = ConfigFile.value(of: text, mixing: false) { check(value) }
        guard let values = try? ConfigFile.values(in: text, path: "fuzz.toml") else { return }
        for value in values.values { check(value) }
    }

    private static func check(_ value: ConfigValue) {
        guard isPlain(value) else { return }
        let again = ConfigFile.value(of: value.toml, mixing: false)
        claim(again.map(plain) == plain(value), "a value is written differently: \(value.toml)")
    }

    /// Numbers that are one, and tables with names that need no quotes: others no key is read with.
    private static func isPlain(_ value: ConfigValue) -> Bool {
        switch value {
        case .number(let number): number.isFinite
        case .numbers(let numbers): numbers.allSatisfy(\.isFinite)
        case .tables(let tables):
            tables.allSatisfy { $0.values.allSatisfy(isPlain) && $0.keys.allSatisfy(isBare) }
        case .text, .integer, .flag, .texts: true
        }
    }

    private static func isBare(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_") }
    }

    /// Whole numbers are spelt without a fraction, and an empty list has no kind.
    private static func plain(_ value: ConfigValue) -> ConfigValue {
        switch value {
        case .integer(let integer): .number(Double(integer))
        case .numbers([]), .tables([]): .texts([])
        case .tables(let tables): .tables(tables.map { $0.mapValues(plain) })
        case .text, .number, .flag, .texts, .numbers: value
        }
    }
}
