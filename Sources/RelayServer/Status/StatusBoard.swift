// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import RelayTransport

/// How everything stands, found out once for all who ask at about the same time, and never when nobody asks.
final class StatusBoard: Sendable {
    /// What was found out, and how it is shown.
    struct View: Sendable {
        let report: StatusReport
        let sections: [StatusSection: HTML]
    }

    private let lifetime: Duration
    private let uptime: @Sendable () -> Uptime
    private let source = NIOLockedValueBox<(@Sendable () -> StatusReport)?>(nil)
    private let last = NIOLockedValueBox<(at: Uptime, view: View)?>(nil)

    init(limits: StatusLimits, uptime: @escaping @Sendable () -> Uptime) {
        lifetime = .milliseconds(limits.freshMilliseconds)
        self.uptime = uptime
    }

    /// - Parameter source: called on a thread of no event loop, by one thread at a time; `nil`: nobody knows any more.
    func adopt(_ source: (@Sendable () -> StatusReport)?) {
        self.source.withLockedValue { $0 = source }
        last.withLockedValue { $0 = nil }
    }

    /// Reads whatever has to be read; those who ask meanwhile wait for the same.
    var now: View {
        let now = uptime()
        return last.withLockedValue { last in
            if let last, now - last.at < lifetime { return last.view }
            let report = source.withLockedValue { $0 }?() ?? StatusReport()
            let view = View(report: report, sections: StatusSection.all(of: report))
            last = (now, view)
            return view
        }
    }
}
