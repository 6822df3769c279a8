// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension EventStore {
    /// Walks every event to its index entries, and every index entry back to its event, in one snapshot.
    ///
    /// - Parameter progress: records and entries done so far, of all; `false` stops the walk.
    /// - Complexity: O(records + entries), in constant memory.
    public func check(
        progress: (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
    ) throws(StoreError) -> IntegrityReport {
        let snapshot = try ReadTransaction(environment)
        var walk = try IntegrityWalk(snapshot, context)
        try walk.run(snapshot, progress)
        return walk.report
    }
}
