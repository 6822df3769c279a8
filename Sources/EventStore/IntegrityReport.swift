// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a walk through the whole store found.
public struct IntegrityReport: Hashable, Sendable {
    /// Records read.
    public var events = 0
    /// Rows followed, by table.
    public var entries: [String: Int] = [:]
    /// The first findings, one sentence each; see ``faultCount``.
    public var faults: [String] = []
    public var faultCount = 0
    /// The walk went all the way.
    public var isComplete = false

    /// Whether everything agrees, as far as the walk went.
    public var isSound: Bool { faultCount == 0 }

    /// Sentences kept at most.
    static let faultsMax = 100

    mutating func add(_ fault: String) {
        faultCount += 1
        if faults.count < Self.faultsMax { faults.append(fault) }
    }
}
