// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import Logging

/// Writes each log event as one line, in text or JSON, through a closure: see ``LogOutput``.
public struct LineLogHandler: LogHandler {
    /// Facts that every line carries.
    public var metadata: Logger.Metadata = [:]
    /// Facts that are asked for at every line.
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let output: LogOutput
    private var ownLevel: Logger.Level?

    /// A handler for the logger called `label`.
    public init(label: String, output: LogOutput) {
        self.label = label
        self.output = output
    }

    /// The level set on this logger, else the one of the output, which can change while the process runs.
    public var logLevel: Logger.Level {
        get { ownLevel ?? output.level }
        set { ownLevel = newValue }
    }

    /// Facts that every line carries, by key.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var facts = metadata
        if let provided = metadataProvider?.get() { facts.merge(provided) { $1 } }
        if let given = event.metadata { facts.merge(given) { $1 } }
        if let error = event.error { facts[LogKey.error] = "\(error)" }
        let line = LogLine(
            time: output.now(), level: event.level, label: label, message: event.message.description,
            facts: facts.sorted { $0.key < $1.key }.map { ($0.key, LogFact($0.value)) })
        output.write(line)
    }
}
