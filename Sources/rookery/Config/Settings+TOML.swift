// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Settings {
    /// The effective configuration as TOML, one section after the other; secrets are masked.
    var toml: String {
        var lines: [String] = []
        var section = ""
        // What this version has no use for is shown to whoever has set some of it.
        let hasBridge = setKeys.contains { $0.hasPrefix("bridge.") }
        for key in ConfigKeys.all where hasBridge || !key.path.hasPrefix("bridge.") {
            if case .tables(let tables) = key.read(self) {
                lines += tables.flatMap { Self.lines(of: $0, key) }
                continue
            }
            if key.section != section {
                section = key.section
                lines += ["", "[\(section)]"]
            }
            let value = key.read(self)
            let isHidden = key.isSecret && value != .text("")
            lines.append("\(key.name) = \(isHidden ? ConfigValue.text("***").toml : value.toml)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(of table: [String: ConfigValue], _ key: ConfigKey) -> [String] {
        ["", "[[\(key.path)]]"]
            + key.columns.compactMap { column in table[column].map { "\(column) = \($0.toml)" } }
    }
}
