// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import SyncPlanner

/// What came of a one-shot sync.
struct SyncTally: Codable, Hashable, Sendable {
    /// How the difference was found.
    enum Method: String, Codable, Sendable {
        case negentropy
        case pages
    }

    var method = Method.negentropy
    /// Events here when it began.
    var local = 0
    /// Messages that were reconciled.
    var rounds = 0
    /// Events that only the other relay had, as far as that was found out.
    var remoteOnly = 0
    /// Events that only we had.
    var localOnly = 0
    /// Events that came.
    var received = 0
    /// What our own door said of them.
    var judged = ImportReport()
    /// Events that the other relay took.
    var sent = 0
    /// Events that it listed and did not give.
    var missing = 0
    /// Events that their authors do not want to be passed on (NIP-70), and that were not offered.
    var withheld = 0
    /// Events that it refused, or did not answer.
    var refused = 0
    /// Events that it gave and that were not asked for.
    var unasked = 0
    /// Why events were refused there, or not given: the first few.
    var reasons: [String] = []
    /// Why it ended early, or could not do all.
    var failure: String?

    /// Whether nothing is left to be done, or, when nothing was to be done, nothing would be.
    func isInStep(_ direction: SyncDirection, isDry: Bool) -> Bool {
        if failure != nil || missing > 0 || refused > 0 || judged.failure != nil { return false }
        if judged[.malformed] > 0 { return false }
        return !isDry || (!direction.takes || remoteOnly == 0) && (!direction.gives || localOnly == 0)
    }

    mutating func note(_ reason: String, most: Int) {
        let short = UpstreamWords.short(reason)
        if reasons.count < most, !reasons.contains(short) { reasons.append(short) }
    }
}
