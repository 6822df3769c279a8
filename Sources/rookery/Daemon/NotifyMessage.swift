// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a daemon tells the service manager that started it, in the words of systemd's `sd_notify(3)`.
enum NotifyMessage: Hashable, Sendable {
    /// It serves; `status` is for people (`systemctl status`).
    case ready(status: String)
    /// It reads its configuration again, since **microseconds** on the monotonic clock. → `reloaded`
    case reloading(since: Int64)
    /// It is done reading, whatever came of it.
    case reloaded
    /// It was asked to end.
    case stopping
    /// It is alive: see ``WatchdogService``.
    case alive

    /// One assignment a line.
    var text: String {
        switch self {
        case .ready(let status): "READY=1\nSTATUS=\(status)"
        case .reloading(let since): "RELOADING=1\nMONOTONIC_USEC=\(since)"
        case .reloaded: "READY=1"
        case .stopping: "STOPPING=1"
        case .alive: "WATCHDOG=1"
        }
    }
}
