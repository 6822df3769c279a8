// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Lets one line of a kind through in a while, and counts the others: what strangers can cause must not fill the log.
struct LogThinning<Kind: Hashable & Sendable>: Sendable {
    private struct Told {
        var at: Uptime
        var unsaid = 0
    }

    private let interval: Duration
    private var told: [Kind: Told] = [:]

    init(interval: Duration) { self.interval = interval }

    mutating func forget(where isGone: (Kind) -> Bool) { told = told.filter { !isGone($0.key) } }

    /// - Returns: how many there were since the last line, this one included; `nil` when there shall be no line.
    mutating func take(_ kind: Kind, at now: Uptime) -> Int? {
        if let last = told[kind], now - last.at < interval {
            told[kind]?.unsaid += 1
            return nil
        }
        let count = (told[kind]?.unsaid ?? 0) + 1
        told[kind] = Told(at: now)
        return count
    }
}
