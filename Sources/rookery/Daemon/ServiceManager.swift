// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import Logging
import NIOCore
import Telemetry

/// The service manager that started this daemon, where there is one that wants to be told how it is.
struct ServiceManager: Sendable {
    private let socket: NotifySocket?
    /// How long the daemon may be silent before it is killed; `nil`: for ever.
    let silence: Duration?
    private let logger: Logger

    /// Reads what systemd sets: `NOTIFY_SOCKET`, `WATCHDOG_USEC` in **microseconds**, and `WATCHDOG_PID`, the process that
    /// is watched.
    init(process: Int32, logger: Logger, variable: (String) -> String? = Self.environment) {
        self.logger = logger
        let place = variable("NOTIFY_SOCKET") ?? ""
        socket = NotifySocket(place)
        if socket == nil, !place.isEmpty {
            logger.warning("NOTIFY_SOCKET is no socket that can be told anything")
        }
        let isWatched = variable("WATCHDOG_PID").map { $0 == "\(process)" } ?? true
        let limit = variable("WATCHDOG_USEC").flatMap { Int64($0) } ?? 0
        silence = socket != nil && isWatched && limit > 0 ? .microseconds(limit) : nil
    }

    /// Tells it; what cannot be told is told the log.
    func tell(_ message: NotifyMessage) {
        guard let problem = socket?.send(message.text) else { return }
        logger.warning("the service manager cannot be told", metadata: [LogKey.reason: "\(problem)"])
    }

    /// `reload`, with the manager told when it begins and when it has ended.
    func telling(_ reload: @escaping Reloading.Reload) -> Reloading.Reload {
        { () throws(ConfigError) in
            tell(.reloading(since: Int64(clamping: NIODeadline.now().uptimeNanoseconds / 1000)))
            defer { tell(.reloaded) }
            return try reload()
        }
    }

    /// What tells it that the event loops turn; `nil` when it does not ask.
    func watchdog(over group: any EventLoopGroup) -> WatchdogService? {
        silence.map { silence in
            WatchdogService(
                loops: Array(group.makeIterator()), interval: WatchdogService.interval(silence: silence),
                tell: { tell(.alive) })
        }
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
