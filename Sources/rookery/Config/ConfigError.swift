// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What is wrong with the configuration, in one line that names the key and where it stands.
struct ConfigError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    init(key: String, problem: String, source: ConfigSource) {
        description = "\(source.place(of: key)): \(problem)"
    }
}

/// What is wrong with a value; ``ConfigError`` adds where it stands.
struct ConfigProblem: Error, Equatable {
    let text: String

    init(_ text: String) { self.text = text }
}

/// Where a value came from, weakest first.
enum ConfigSource: Hashable, Sendable {
    case file(String)
    case environment
    case flag(String)

    /// How an error names the place of `key`.
    func place(of key: String) -> String {
        switch self {
        case .file(let path): "\(path): \(key)"
        case .environment: "environment: \(ConfigEnvironment.variable(for: key)) (\(key))"
        case .flag(let flag): "\(flag) (\(key))"
        }
    }
}
