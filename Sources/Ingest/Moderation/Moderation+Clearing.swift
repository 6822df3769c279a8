// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// What is banned goes from the store, some events at a time, so that nobody waits for a prolific author to be gone.
extension Moderation {
    /// Removes everything that is banned by now; also what a crash left over. Returns at once.
    public func clear() { ingest.clear() }

    /// The first step of what a change asks for; the rest goes when nobody waits.
    func clear(after change: ModerationChange) async {
        switch change {
        case .banEvent(let id, _):
            if await ingest.remove(Filter(ids: [id]), limit: 1) == nil { clear() }
        case .banPubkey(let key, _):
            let removed = await ingest.remove(
                Filter(authors: [key]), keeping: lists.allowedEventIDs, limit: limits.removedAtOnce)
            // What is left, or could not be removed because the door was full.
            if removed == nil || removed == limits.removedAtOnce { clear() }
        default: break
        }
    }
}
