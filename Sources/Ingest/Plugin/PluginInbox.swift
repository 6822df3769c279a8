// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NIOConcurrencyHelpers

/// How other threads reach the ``PluginLoop``.
final class PluginInbox: Sendable {
    struct News {
        var items: [PluginItem] = []
        var settings: PluginSettings?
        /// Everything is to be answered within this time.
        var hurry: Duration?
        var isClosed = false
    }

    /// Readable when there is news.
    let bell: Int32
    private let button: Int32
    private let news = NIOLockedValueBox(News())

    init() throws(SystemFailure) {
        let pipe = try PluginProcess.pipe()
        (bell, button) = (pipe[0], pipe[1])
        for end in pipe { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    }

    deinit {
        for end in [bell, button] { _ = close(end) }
    }

    /// - Returns: whether somebody will look at it.
    @discardableResult
    func put(_ change: (inout News) -> Void) -> Bool {
        let isOpen = news.withLockedValue { news in
            if news.isClosed { return false }
            change(&news)
            return true
        }
        if !isOpen { return false }
        // A pipe that is full rings all the same.
        var one: UInt8 = 1
        _ = write(button, &one, 1)
        return true
    }

    func take() -> News {
        news.withLockedValue { news in
            defer {
                news.items = []
                news.settings = nil
                news.hurry = nil
            }
            return news
        }
    }

    func silence() {
        var rung = [UInt8](repeating: 0, count: 4_096)
        _ = read(bell, &rung, rung.count)
    }
}
