// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The reference of all keys, as `rookery config reference` prints it and `docs/reference/configuration.md` holds it.
enum ConfigReference {
    static var markdown: String {
        var lines = opening
        for section in sections {
            lines += ["", "## \(section.isEmpty ? "At the top of the file" : "`[\(section)]`")", ""]
            if let note = notes[section] { lines += [note, ""] }
            lines += ["| key | takes | default | | what it does |", "|---|---|---|---|---|"]
            lines += ConfigKeys.all.filter { $0.section == section && $0.kind != .tables }.map(row)
        }
        lines += streams + moderationRules
        return lines.joined(separator: "\n") + "\n"
    }

    private static let opening = [
        "# Configuration", "",
        "Every key there is, printed by `rookery config reference`: change the keys, not this page.", "",
        "A value comes from a flag, else from the environment, else from the TOML file that `--config` (or"
            + " `ROOKERY_CONFIG`) names, else it is the default. In the environment a key",
        "is written in capitals, with `ROOKERY_` before it and `_` for dots: `ROOKERY_RELAY_LIMITS_MAX_LIMIT` for"
            + " `relay.limits.max_limit`. `--set KEY=VALUE` sets any key.",
        "There and in the environment a list is `a,b` or as TOML writes it, and what stands in quotation marks is read"
            + " as TOML. Numbers of time and of bytes a second may have a fraction.",
        "",
        "An unknown key, a value that does not fit, a variable that begins like a section and names no key: one"
            + " line that says so, exit code 2, and nothing is started.",
        "`rookery config check` prints what is in force, but for what management has changed: see"
            + " [letting in and keeping out](../how-to/let-in-and-keep-out.md).",
        "",
        "**r** marks what SIGHUP and `rookery reload` put in force in a running relay; all else needs a restart.",
    ]

    /// In the order in which their first keys are printed.
    private static var sections: [String] {
        var seen: Set<String> = []
        return ConfigKeys.all.map(\.section).filter { seen.insert($0).inserted }
    }

    private static let notes = [
        "bridge":
            "[Trying it](../how-to/try-the-bridge.md), [running it](../how-to/run-the-bridge.md), [moving to it](../how-to/move-to-the-bridge.md),"
            + " [posting to X](../how-to/post-to-x.md), [being told of posts](../how-to/be-told-of-posts.md)."
            + " An account may have rules of its own instead of `posts_since` … `kinds_refused`: `rookery bridge account set`."
    ]

    private static var streams: [String] {
        let key = ConfigKeys.stream
        return [
            "", "## `[[\(key.path)]]`", "",
            "\(key.meaning) One table a stream, \(key.bounds); **r**: those that changed are ended and begun, the"
                + " others go on. [How a stream behaves](../how-to/mirror-another-relay.md).",
            "",
            "In the environment (`\(ConfigEnvironment.variable(for: key.path))`) and with `--set` all of them are one value:"
                + " `[{ urls = [\"wss://a.example\"], direction = \"down\" }]`.",
            "", "| key | takes | default | what it does |", "|---|---|---|---|",
        ]
            + StreamKey.allCases.map { key in
                "| `\(key.rawValue)` | \(key.noun.trimmingArticle): \(key.bounds) | \(key.usual) | \(key.meaning) |"
            }
    }

    private static var moderationRules: [String] {
        let key = ConfigKeys.moderationRules
        return [
            "", "## `[[\(key.path)]]`", "",
            "\(key.meaning) One table a rule, \(key.bounds). All that a rule says must hold; one that says nothing holds always."
                + " `bridge.moderation_otherwise` speaks where none does.",
            "",
            "In the environment (`\(ConfigEnvironment.variable(for: key.path))`) and with `--set` all of them are one value:"
                + " `[{ effect = \"hold\", words = [\"free money\", \"crypto*\"] }]`.",
            "", "| key | takes | what it does |", "|---|---|---|",
        ]
            + ModerationRuleKey.allCases.map { key in
                "| `\(key.rawValue)` | \(key.kind.noun.trimmingArticle): \(key.bounds) | \(key.meaning) |"
            }
    }

    private static func row(_ key: ConfigKey) -> String {
        let takes = [key.kind == .flag ? "true or false" : String(key.noun.trimmingArticle), key.bounds]
            .filter { !$0.isEmpty }.joined(separator: ": ")
        let cells = [
            "`\(key.name)`<br>`\(ConfigEnvironment.variable(for: key.path))`", takes,
            "`\(key.read(Settings()).toml)`", Reloading.live.contains(key.path) ? "r" : "", key.meaning,
        ]
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
}

extension String {
    fileprivate var trimmingArticle: Substring { hasPrefix("a ") ? dropFirst(2) : self[...] }
}
