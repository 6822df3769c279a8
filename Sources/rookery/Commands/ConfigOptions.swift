// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import Glibc

/// The flags that every command takes.
struct ConfigOptions: ParsableArguments {
    @Option(name: [.short, .long], help: ArgumentHelp("The configuration, in TOML.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("Where everything is kept.", valueName: "directory"))
    var dataDir: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    @Option(help: "text or json.")
    var logFormat: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Sets any key of the configuration; repeatable.",
            discussion: """
                As in --set relay.limits.max_limit=500. A list is a,b or as TOML writes it, --set 'sync.archive=["a"]'; \
                what stands in quotation marks is read as TOML. `rookery config reference` tells every key.
                """, valueName: "key=value"))
    var assignments: [String] = []

    /// Reads the layers; `flags` are those of the command itself.
    func settings(and flags: [ConfigLoader.Flag] = []) throws -> Settings { try loader(and: flags).load() }

    /// The layers, before they are read.
    func loader(and flags: [ConfigLoader.Flag] = []) throws -> ConfigLoader {
        var all: [ConfigLoader.Flag] = []
        for assignment in assignments {
            guard let equals = assignment.firstIndex(of: "=") else {
                throw ConfigError("--set: must be KEY=VALUE, not \(ConfigKey.shown(assignment))")
            }
            let text = String(assignment[assignment.index(after: equals)...])
            all.append(.init(name: "--set", key: String(assignment[..<equals]), value: .text(text)))
        }
        all.add("--data-dir", "data_dir", dataDir)
        all.add("--log-level", "log_level", logLevel)
        all.add("--log-format", "log_format", logFormat)
        return ConfigLoader(file: config, environment: .process, flags: all + flags)
    }
}

extension [ConfigLoader.Flag] {
    /// A flag that may be absent.
    mutating func add(_ name: String, _ key: String, _ text: String?) {
        if let text { append(.init(name: name, key: key, value: .text(text))) }
    }

    /// A flag that may be repeated; given once or more, it replaces the list.
    mutating func add(_ name: String, _ key: String, _ texts: [String]) {
        if !texts.isEmpty { append(.init(name: name, key: key, value: .value(.texts(texts)))) }
    }

    /// A flag that is there or not.
    mutating func add(_ name: String, _ key: String, _ flag: Bool?) {
        if let flag { append(.init(name: name, key: key, value: .value(.flag(flag)))) }
    }
}

extension ConfigEnvironment {
    /// This process's variables.
    static var process: ConfigEnvironment {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text)
            if pair.hasPrefix(prefix), let equals = pair.firstIndex(of: "=") {
                variables[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
            }
            entry += 1
        }
        return ConfigEnvironment(variables: variables)
    }
}
