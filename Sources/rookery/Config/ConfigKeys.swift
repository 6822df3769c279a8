// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Every key there is, in the order in which `config check` prints them.
enum ConfigKeys {
    static let all =
        top + relay + management + wire + negentropy + limits + policy + plugin + store + retention + sync
        + metrics
        + bridge + bridgeLinks + media + mirrorRules + [moderationRules, stream]

    static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })

    /// `relay`, `relay.limits`, …
    static let sections = Set(all.map(\.section))

    static let top: [ConfigKey] = [
        .parsed("data_dir", \.dataDirectory, show: { $0 }) { text throws(ConfigProblem) in
            guard !text.isEmpty else { throw ConfigProblem("must name a directory") }
            return try ConfigKey.plain(text, max: 4096)
        }
        .taking("a path").about("Where everything is kept: the store, the relay's key, the control socket."),
        .choice("log_level", \.logLevel).about("How much is logged."),
        .choice("log_format", \.logFormat).about("Log lines as text or JSON."),
    ]

    /// The known key that is most like a mistyped one, if any is close.
    static func nearest(to path: String) -> String? {
        let ranked = all.map { (path: $0.path, distance: EditDistance.between($0.path, path)) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= 3 else { return nil }
        return best.path
    }
}

/// How many letters must change to turn one word into another.
enum EditDistance {
    static func between(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a.utf8.prefix(128)), Array(b.utf8.prefix(128)))
        var row = Array(0...b.count)
        for i in a.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let change = diagonal + (a[i] == b[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(change, diagonal + 1, row[j] + 1)
            }
        }
        return row[b.count]
    }
}
