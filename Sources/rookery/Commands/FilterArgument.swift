// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Filters on the command line.
enum FilterArgument {
    static func parse(_ text: String) throws(ConfigError) -> Filter { try parse(text, named: "--filter") }

    /// One filter each; everything when there is none.
    ///
    /// - Parameter name: what the argument is called.
    static func parse(_ texts: [String], named name: String = "--filter") throws(ConfigError) -> [Filter] {
        if texts.isEmpty { return [Filter()] }
        var filters: [Filter] = []
        for text in texts { filters.append(try parse(text, named: name)) }
        return filters
    }

    private static func parse(_ text: String, named name: String) throws(ConfigError) -> Filter {
        do { return try Filter.parse(Array(text.utf8)) } catch {
            let isList = text.drop { $0.isWhitespace }.first == "["
            throw ConfigError(
                "\(name): \(error.text)\(isList ? ", give each as an argument of its own" : ""): "
                    + ConfigKey.shown(text))
        }
    }
}
