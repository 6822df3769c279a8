// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import Telemetry

/// What SIGHUP can change without a restart, and telling what it cannot.
final class Reloading: Sendable {
    /// ``reload()``, for those who ask for it.
    typealias Reload = @Sendable () throws(ConfigError) -> [String]

    /// Keys that take effect at once.
    static let live: Set<String> = Set(["log_level", "sync.archive", "sync.stuck_after_s"])
        .union(ConfigKeys.livePolicy).union(ConfigKeys.plugin.map(\.path)).union(ConfigKeys.liveInformation)
        .union(ConfigKeys.retention.map(\.path)).union([ConfigKeys.stream.path, "bridge.blossom_uploaders"])

    /// Told of what changed.
    let hooks = ReloadHooks()

    private let loader: ConfigLoader
    private let output: LogOutput
    private let current: NIOLockedValueBox<Settings>

    init(loader: ConfigLoader, settings: Settings, output: LogOutput) {
        self.loader = loader
        self.output = output
        current = NIOLockedValueBox(settings)
    }

    /// Reads the layers again.
    ///
    /// - Returns: one line for each key that differs from what runs, and what there is to say about those.
    /// - Throws: when the configuration is wrong; nothing is changed then.
    func reload() throws(ConfigError) -> [String] {
        let new = try loader.load()
        var (notes, changed, applied) = current.withLockedValue { running in
            var notes: [String] = []
            var changed: Set<String> = []
            for key in ConfigKeys.all where key.read(running) != key.read(new) {
                guard Self.live.contains(key.path) else {
                    notes.append("\(key.path) needs a restart")
                    continue
                }
                try? key.assign(&running, key.read(new))
                changed.insert(key.path)
                notes.append("\(key.path) is now \(key.read(new).toml)")
            }
            output.level = running.logLevel
            return (notes, changed, changed.isEmpty ? nil : running)
        }
        if let applied {
            hooks.call(applied)
            notes += hooks.remarks(on: applied, changed: changed)
        }
        return notes.isEmpty ? ["nothing changed"] : notes
    }
}
