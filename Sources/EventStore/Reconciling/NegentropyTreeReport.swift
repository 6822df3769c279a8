// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How one tree stands.
public struct NegentropyTreeReport: Hashable, Sendable {
    public let tree: NegentropyTree
    /// Events in the set.
    public let items: Int
    /// Events that are left out because of their kinds.
    public let leftOut: Int
}

extension EventStore {
    /// How much of the trees is made, 0 … 1; of other trees than these, nothing.
    public func treeProgress() throws(StoreError) -> Double {
        let snapshot = try ReadTransaction(environment)
        guard try snapshot.keepsTrees(trees, schema, maker) else { return 0 }
        switch try snapshot.buildState(.tree, schema) {
        case .whole: return 1
        case .upTo(let key):
            guard key.count == Serial.bytes else { return 0 }
            let next = try snapshot.state(schema).nextSerial.rawValue
            return Double(key.span.serial(at: 0).rawValue) / Double(max(1, next))
        }
    }

    /// How the trees stand, in the order of ``StoreOptions/trees``; `nil` while they are being made.
    public func treeReports() throws(StoreError) -> [NegentropyTreeReport]? {
        let snapshot = try ReadTransaction(environment)
        guard let table = schema[.tree], try snapshot.buildState(.tree, schema) == .whole,
            try snapshot.keepsTrees(trees, schema, maker)
        else { return nil }
        var reports: [NegentropyTreeReport] = []
        for (number, tree) in trees.enumerated() {
            let items = try TreeItems(BorrowedReading(snapshot), table, UInt16(number)).count
            let leftOut = Int(clamping: try snapshot.leftOut(of: UInt16(number), table))
            reports.append(NegentropyTreeReport(tree: tree, items: items, leftOut: leftOut))
        }
        return reports
    }
}
