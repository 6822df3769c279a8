// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
public import Logging
import NIOConcurrencyHelpers

/// Where all log lines of the process go, and from which level on; the level can change while it runs.
public final class LogOutput: Sendable {
    private let currentLevel: NIOLockedValueBox<Logger.Level>
    private let format: LogFormat
    private let sink: @Sendable ([UInt8]) -> Void
    private let clock: @Sendable () -> Int64

    /// An output that hands whole lines, newline included, to `sink`; `clock` tells **milliseconds** since 1970.
    public init(
        level: Logger.Level, format: LogFormat, clock: @escaping @Sendable () -> Int64 = LogOutput.wallClock,
        sink: @escaping @Sendable ([UInt8]) -> Void = LogOutput.standardError
    ) {
        currentLevel = NIOLockedValueBox(level)
        self.format = format
        self.clock = clock
        self.sink = sink
    }

    /// The level from which on lines are written.
    public var level: Logger.Level {
        get { currentLevel.withLockedValue { $0 } }
        set { currentLevel.withLockedValue { $0 = newValue } }
    }

    /// A logger whose lines end here.
    public func logger(_ label: String) -> Logger {
        Logger(label: label) { LineLogHandler(label: $0, output: self) }
    }

    /// Writes a line to standard error, whole; what cannot be written is given up, never waited for twice.
    @Sendable public static func standardError(_ line: [UInt8]) {
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Glibc.write(2, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }

    /// **Milliseconds** since 1970.
    @Sendable public static func wallClock() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    func write(_ line: LogLine) { sink(line.rendered(as: format)) }
    func now() -> Int64 { clock() }
}
