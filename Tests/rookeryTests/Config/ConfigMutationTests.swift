// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

@testable import rookery

/// Every key under values that nobody would write. How TOML itself is read is for `scripts/fuzz.sh`.
@Suite struct ConfigMutationTests {
    @Test func `every key takes or refuses any value, and prints what it took so that it is read alike`() {
        var rng = SplitMix64(seed: 64)
        for key in ConfigKeys.all {
            for _ in 0..<50 {
                let value = Self.value(of: key, using: &rng)
                var settings = Settings()
                do { try key.assign(&settings, value) } catch {
                    #expect(!error.text.isEmpty, "\(key.path): \(value)")
                    continue
                }
                let shown = key.read(settings)
                var again = Settings()
                #expect(throws: Never.self, "\(key.path) prints \(shown.toml)") {
                    try key.assign(&again, shown)
                }
                #expect(key.read(again) == shown, "\(key.path) took \(value.toml)")
            }
        }
    }

    @Test func `every key reads or refuses any text of an environment variable`() {
        var rng = SplitMix64(seed: 65)
        for key in ConfigKeys.all {
            for _ in 0..<50 {
                guard let value = key.value(of: Self.text(using: &rng)) else { continue }
                var settings = Settings()
                try? key.assign(&settings, value)
            }
        }
    }

    /// Half of the time of the key's own kind.
    private static func value(of key: ConfigKey, using rng: inout SplitMix64) -> ConfigValue {
        let kinds: [ConfigKind] = [.text, .integer, .number, .flag, .texts, .numbers, .tables]
        let kind = Bool.random(using: &rng) ? key.kind : kinds.randomElement(using: &rng) ?? .text
        let count = Int.random(in: 0...3, using: &rng)
        switch kind {
        case .text: return .text(text(using: &rng))
        case .integer: return .integer(integers.randomElement(using: &rng) ?? 0)
        case .number: return .number(numbers.randomElement(using: &rng) ?? 0)
        case .flag: return .flag(Bool.random(using: &rng))
        case .texts: return .texts((0..<count).map { _ in text(using: &rng) })
        case .numbers: return .numbers((0..<count).map { _ in numbers.randomElement(using: &rng) ?? 0 })
        case .tables: return .tables((0..<count).map { _ in table(of: key, using: &rng) })
        }
    }

    private static func table(of key: ConfigKey, using rng: inout SplitMix64) -> [String: ConfigValue] {
        var table: [String: ConfigValue] = [:]
        for name in key.columns + ["other"] where Int.random(in: 0...2, using: &rng) > 0 {
            table[name] =
                switch Int.random(in: 0...4, using: &rng) {
                case 0: .integer(integers.randomElement(using: &rng) ?? 0)
                case 1: .flag(Bool.random(using: &rng))
                case 2: .texts([text(using: &rng), text(using: &rng)])
                case 3: .number(numbers.randomElement(using: &rng) ?? 0)
                default: .text(text(using: &rng))
                }
        }
        return table
    }

    /// Something that many keys take, mostly with a letter changed.
    private static func text(using rng: inout SplitMix64) -> String {
        var scalars = Array((samples.randomElement(using: &rng) ?? "").unicodeScalars)
        for _ in 0..<Int.random(in: 0...2, using: &rng) {
            let odd = oddities.unicodeScalars.randomElement(using: &rng) ?? "x"
            let place = Int.random(in: 0...scalars.count, using: &rng)
            if place < scalars.count, Bool.random(using: &rng) {
                scalars[place] = odd
            } else {
                scalars.insert(odd, at: place)
            }
        }
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        return text
    }

    private static let integers = [
        0, 1, -1, 7, 255, 256, 65_535, 65_536, 1 << 31, -1 << 31, 1 << 53, .max, .min, .max - 1,
    ]
    private static let numbers: [Double] = [
        0, -0.0, 0.5, -1, 3, 23.99, 1e9, 1e18, 9.3e18, 1e19, 1e308, -1e308, 1e-300, .infinity, -.infinity,
        .nan,
    ]
    private static let oddities = "\0\n\t\"\\é🪶%:/?#[]@!$&'()*+,;= .-_0\u{202E}\u{7F}ß"
    private static let samples = [
        "", "wss://a.test", "https://a.test/b", "redis://a:6379/0", "127.0.0.1:7777", "[::1]:0",
        "192.0.2.0/24", "a.test",
        "/tmp/a", "info", "json", "open", "*", "1", "30000-39999", "0.5", "true", "yes", "[1, 2]", "a, b",
        "[", "{}", "link",
        "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg", "bob", "mentions", "[\"x\", 1]",
        "9223372036854775808",
        String(repeating: "f", count: 64), String(repeating: "a", count: 5_000),
    ]
}
