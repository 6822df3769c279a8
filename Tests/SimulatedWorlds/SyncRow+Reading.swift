// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

extension SyncRow {
    /// What a cursor row of this relay says.
    func cursorParts(of relay: RelayURL) -> (SyncItem, Timestamp)? {
        guard Array(key.prefix(16)) == Self.relayKey(relay) else { return nil }
        return asCursor.flatMap { cursor in cursor.coveredUntil.map { (cursor.item, $0) } }
    }

    /// Until when everything of this relay is covered, if this is its row.
    func coveredPart(of relay: RelayURL) -> Timestamp? {
        guard key == Self.relayKey(relay) else { return nil }
        return asRelay?.coveredUntil
    }
}
