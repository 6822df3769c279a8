// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Stands for the keys of the daemon, which need all of its rooms: a few of each shape.
enum ConfigKeys {
    struct Key {
        var kind: ConfigKind
        var mayMixNumbers = false
    }

    static let byPath: [String: Key] = [
        "data_dir": Key(kind: .text),
        "relay.limits.max_limit": Key(kind: .integer),
        "relay.kinds": Key(kind: .texts, mayMixNumbers: true),
        "stream": Key(kind: .tables),
    ]
    static let sections: Set<String> = ["", "relay", "relay.limits"]
}

/// Stands for the environment, which is known by the keys.
enum ConfigEnvironment {
    static func variable(for key: String) -> String { key }
}
