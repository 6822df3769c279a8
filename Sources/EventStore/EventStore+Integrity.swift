// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a walk through the whole store found.
public struct IntegrityReport: Hashable, Sendable {
    /// Records read.
    public var events = 0
    /// Index entries followed, by table.
    public var entries: [String: Int] = [:]
    /// The first findings, one sentence each; see ``faultCount``.
    public var faults: [String] = []
    public var faultCount = 0
    public var isSound: Bool { faultCount == 0 }
}

extension EventStore {
    /// Walks every index entry to its event and every event to its entries.
    ///
    /// - Parameter progress: records and entries done so far, of all; `false` stops the walk.
    public func check(progress: (_ done: Int, _ of: Int) -> Bool = { _, _ in true }) throws(StoreError)
        -> IntegrityReport
    { fatalError("not written yet") }
}
