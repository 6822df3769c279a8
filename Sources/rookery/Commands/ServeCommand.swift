// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import Glibc
import Logging
import NIOCore
import Telemetry

/// `rookery serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the relay and gather from others.",
        discussion: """
            Ends with exit code 0 at SIGINT or SIGTERM, within five seconds; SIGHUP reads the configuration again. \
            HTTP on the same port: / (NIP-11 or a status page), /metrics, /healthz, and /healthz/sync unless \
            --no-sync.
            """)

    @OptionGroup(title: "Configuration") var options: ConfigOptions
    @OptionGroup(title: "Relay") var relay: RelayOptions

    func run() async throws {
        let loader = try options.loader(and: relay.flags)
        let settings = try loader.load()
        // A reader of our log or a client that goes away must not take the process along.
        signal(SIGPIPE, SIG_IGN)
        let output = LogOutput(level: settings.logLevel, format: settings.logFormat)
        warn(settings, loader, output)
        let fitted = fit(settings, output)
        let reloading = Reloading(loader: loader, settings: settings, output: output)
        let wiring = Wiring(settings: fitted, output: output)
        try await wiring.daemon(reloading).run()
    }

    /// Takes no more clients than files may be open.
    private func fit(_ settings: Settings, _ output: LogOutput) -> Settings {
        var fitted = settings
        let allowed = DescriptorLimit.raise(to: settings.descriptors(eventLoops: System.coreCount))
        fitted.fit(into: allowed, eventLoops: System.coreCount)
        let connections = fitted.relay.limits.maxConnections
        if connections < settings.relay.limits.maxConnections {
            output.logger("rookery").warning(
                "fewer open files are allowed than relay.limits.max_connections asks for",
                metadata: [
                    LogKey.count: .number(allowed), LogKey.configKey: "relay.limits.max_connections",
                    LogKey.change: "\(connections) connections at most",
                ])
        }
        return fitted
    }

    /// What is allowed and probably not meant.
    private func warn(_ settings: Settings, _ loader: ConfigLoader, _ output: LogOutput) {
        let logger = output.logger("config")
        for variable in loader.environment.unknown {
            logger.warning(
                "environment variable means nothing here", metadata: [LogKey.configKey: "\(variable)"])
        }
        if settings.relay.admission == .grasp, settings.relay.domain.isEmpty, settings.sync.archive.isEmpty {
            logger.warning(
                "no repository can be accepted without a domain or an archive",
                metadata: [LogKey.configKey: "relay.domain"])
        }
        if settings.store.durability == .relaxed {
            logger.warning(
                "a power cut may cost events that were acknowledged",
                metadata: [LogKey.configKey: "store.durability"])
        }
    }
}
