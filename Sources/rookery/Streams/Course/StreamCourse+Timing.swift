// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

/// What follows from time alone.
extension StreamCourse {
    /// The earliest moment at which a tick may change anything; `nil`: none.
    var nextDeadline: Uptime? {
        switch phase {
        case .waiting(let until): return until
        case .connecting: return nil
        case .open: break
        }
        var deadlines: [Uptime] = []
        switch talk.filling {
        case .running: deadlines.append(now + limits.tick)
        case .due(let at): if talk.isLiveOpen { deadlines.append(at) }
        case .preparing, .resting: break
        }
        switch talk.live {
        case .due(let at): deadlines.append(at)
        case .asked, .open, .unwanted: break
        }
        if let rest = talk.rest { deadlines.append(rest) }
        if let at = comparesAt { deadlines.append(at) }
        if gives, talk.hasNews, !talk.isFollowing, talk.outbox.hasRoom { deadlines.append(talk.followAt) }
        if backoff.attempts > 0 { deadlines.append(talk.openedAt + limits.settles) }
        if let since = owedSince { deadlines.append(since + limits.answer) }
        // What could not be done by now waits for something to be heard.
        return deadlines.filter { $0 > now }.min()
    }

    /// Since when the relay owes an answer; `nil`: it owes none, or cannot give it.
    private var owedSince: Uptime? {
        if talk.isPaused { return nil }
        var owed = [talk.outbox.oldest].compactMap { $0 }
        if case .asked(let since) = talk.live { owed.append(since) }
        if talk.authentication.isUnderWay { owed.append(talk.freshAt) }
        return owed.min().map { max($0, talk.freshAt) }
    }

    mutating func lookAtClock(_ effects: inout [Effect]) {
        if let since = owedSince, now - since >= limits.answer {
            return talk.failure = "it does not answer"
        }
        if !talk.isPaused { passOn(.tick, &effects) }
    }
}
