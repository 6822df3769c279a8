// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import EventStore
import SyncPlanner

/// The planner's tables in the store, for whoever opens it.
public enum SyncTables {
    public static let cursor = SideTable("sync_cursor")
    public static let relay = SideTable("sync_relay")
    public static let all = [cursor, relay]
}

extension SyncRow.Table {
    var side: SideTable {
        switch self {
        case .cursor: SyncTables.cursor
        case .relay: SyncTables.relay
        }
    }
}
