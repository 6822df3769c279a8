// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
public import Logging
import NIOConcurrencyHelpers

/// Where all log lines of the process go, and from which level on; the level can change while it runs.
public final class LogOutput: Sendable {
    private struct Losses {
        var total = 0
        /// Not yet told in the log itself.
        var untold = 0
    }

    private let currentLevel: NIOLockedValueBox<Logger.Level>
    private let format: LogFormat
    private let sink: @Sendable ([UInt8]) -> Bool
    private let clock: @Sendable () -> Int64
    private let losses = NIOLockedValueBox(Losses())
    private let tally = NIOLockedValueBox(ProblemTally())

    /// An output that writes to `descriptor`; `clock` tells **milliseconds** since 1970.
    public convenience init(
        level: Logger.Level, format: LogFormat, clock: @escaping @Sendable () -> Int64 = LogOutput.wallClock,
        descriptor: LogDescriptor = .standardError
    ) {
        self.init(level: level, format: format, clock: clock, taking: { descriptor.write($0) })
    }

    /// An output that hands whole lines, newline included, to `sink`.
    public convenience init(
        level: Logger.Level, format: LogFormat, clock: @escaping @Sendable () -> Int64 = LogOutput.wallClock,
        sink: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.init(level: level, format: format, clock: clock) { line in
            sink(line)
            return true
        }
    }

    /// An output that hands whole lines to `sink`, which says whether it took them.
    public init(
        level: Logger.Level, format: LogFormat, clock: @escaping @Sendable () -> Int64,
        taking sink: @escaping @Sendable ([UInt8]) -> Bool
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

    /// How many lines could not be written.
    public var lostLines: Int { losses.withLockedValue { $0.total } }

    /// **Milliseconds** since 1970.
    @Sendable public static func wallClock() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// What went wrong since the start, as far as the level lets it be written.
    public var problems: [ProblemTally.Problem] { tally.withLockedValue { $0 }.list }

    /// Hands a line on, after a word about those before it that were lost.
    func write(_ line: LogLine) {
        if line.level >= .warning {
            tally.withLockedValue {
                $0.add(line.label, line.message, isError: line.level >= .error, at: line.time)
            }
        }
        let missing = losses.withLockedValue { losses in
            defer { losses.untold = 0 }
            return losses.untold
        }
        if missing > 0, !sink(notice(of: missing).rendered(as: format)) {
            lose(missing + 1, new: 1)
        } else if !sink(line.rendered(as: format)) {
            lose(1, new: 1)
        }
    }

    private func notice(of missing: Int) -> LogLine {
        LogLine(
            time: now(), level: .warning, label: "log", message: "log lines could not be written",
            facts: [(LogKey.count, .literal("\(missing)"))])
    }

    private func lose(_ untold: Int, new: Int) {
        losses.withLockedValue { losses in
            losses.untold += untold
            losses.total += new
        }
    }

    func now() -> Int64 { clock() }
}
