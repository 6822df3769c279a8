// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayTransport

/// Layers the configuration: flags beat environment, environment beats the file, the file beats defaults.
struct ConfigLoader: Sendable {
    /// The file named by `--config`, if any.
    var file: String?
    var environment = ConfigEnvironment(variables: [:])
    /// What flags say, in the order they were typed; the last wins.
    var flags: [Flag] = []

    /// One flag: how it was typed, which key it sets and to what.
    struct Flag: Sendable {
        let name: String
        let key: String
        let value: Content

        enum Content: Sendable {
            case value(ConfigValue)
            case text(String)
        }
    }

    /// - Throws: at the first thing that is wrong; nothing was started.
    func load() throws(ConfigError) -> Settings {
        if let variable = environment.mistaken.first {
            let hint = environment.nearest(to: variable).map { "; did you mean \($0)?" } ?? ""
            throw ConfigError("environment: \(variable): unknown key\(hint)")
        }
        var settings = Settings()
        var sources: [String: ConfigSource] = [:]
        if let path = file ?? environment.variables[ConfigEnvironment.fileVariable], !path.isEmpty {
            let values = try ConfigFile.values(at: path)
            for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                try set(key, value, from: .file(path), in: &settings)
                sources[key] = .file(path)
            }
        }
        for (key, text) in environment.texts.sorted(by: { $0.key < $1.key }) {
            try set(key, try value(of: text, for: key, from: .environment), from: .environment, in: &settings)
            sources[key] = .environment
        }
        for flag in flags {
            let source = ConfigSource.flag(flag.name)
            let value: ConfigValue
            switch flag.value {
            case .value(let given): value = given
            case .text(let text): value = try self.value(of: text, for: flag.key, from: source)
            }
            try set(flag.key, value, from: source, in: &settings)
            sources[flag.key] = source
        }
        // A default gives way to what an operator said; two things said must agree.
        for (key, problem) in settings.contradictions {
            if let source = sources[key] { throw ConfigError(key: key, problem: problem, source: source) }
        }
        if settings.sync.isEnabled, let source = sources["sync.ca_file"] {
            do { try Self.checkCertificates(settings.sync.caFile) } catch {
                throw ConfigError(key: "sync.ca_file", problem: error.text, source: source)
            }
        }
        settings.reconcile()
        settings.setKeys = Set(sources.keys)
        return settings
    }

    private static func checkCertificates(_ path: String) throws(ConfigProblem) {
        if path.isEmpty { return }
        do { _ = try SmallFile.text(at: path, max: 16 << 20) } catch {
            throw ConfigProblem("\(path): \(error)")
        }
        guard CertificateFile.isUsable(path) else {
            throw ConfigProblem("\(path): holds no certificate in PEM")
        }
    }

    private func value(
        of text: String, for path: String, from source: ConfigSource
    ) throws(ConfigError) -> ConfigValue {
        let key = try key(path, from: source)
        guard let value = key.value(of: text) else {
            let problem = "must be \(key.noun), not \(ConfigKey.shown(text))"
            throw ConfigError(key: path, problem: problem, source: source)
        }
        return value
    }

    private func set(
        _ path: String, _ value: ConfigValue, from source: ConfigSource, in settings: inout Settings
    ) throws(ConfigError) {
        let key = try key(path, from: source)
        // An empty TOML list has no kind of its own.
        let value = value == .texts([]) ? key.kind.empty ?? value : value
        do { try key.assign(&settings, value) } catch {
            throw ConfigError(key: path, problem: error.text, source: source)
        }
    }

    private func key(_ path: String, from source: ConfigSource) throws(ConfigError) -> ConfigKey {
        if let key = ConfigKeys.byPath[path] { return key }
        let hint = ConfigKeys.nearest(to: path).map { "; did you mean \($0)?" } ?? ""
        throw ConfigError(key: path, problem: "unknown key\(hint)", source: source)
    }
}
