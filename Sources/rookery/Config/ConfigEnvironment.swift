// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Environment variables as configuration: `ROOKERY_RELAY_LISTEN` for `relay.listen`, one for each key.
struct ConfigEnvironment: Sendable {
    static let prefix = "ROOKERY_"
    /// Names the file that `--config` would.
    static let fileVariable = "ROOKERY_CONFIG"

    let variables: [String: String]

    static func variable(for key: String) -> String {
        prefix + key.uppercased().replacing(".", with: "_")
    }

    /// The texts that are set, by dotted key.
    var texts: [String: String] {
        var texts: [String: String] = [:]
        for key in ConfigKeys.all {
            if let text = variables[Self.variable(for: key.path)] { texts[key.path] = text }
        }
        return texts
    }

    /// Variables that look like ours and mean nothing: an operator may have mistyped one.
    ///
    /// No error, since surroundings set some of their own: a service named `rookery` is given `ROOKERY_SERVICE_HOST`.
    var unknown: [String] {
        let known = Set(ConfigKeys.all.map { Self.variable(for: $0.path) } + [Self.fileVariable])
        return variables.keys.filter { $0.hasPrefix(Self.prefix) && !known.contains($0) }.sorted()
    }
}
