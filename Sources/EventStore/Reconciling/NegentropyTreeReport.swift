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

/// How the groups of one letter stand.
public struct GroupReport: Hashable, Sendable {
    public let letter: GroupLetter
    public let groups: Int
    /// Events in them.
    public let items: Int
    /// Events that are left out because of their kinds.
    public let leftOut: Int
}

extension EventStore {
    /// How much of the trees and groups is made, 0 … 1; of other trees than these, nothing.
    public func treeProgress() throws(StoreError) -> Double {
        let snapshot = try ReadTransaction(environment)
        guard try snapshot.keepsTrees(trees, schema, maker) else { return 0 }
        let ofTrees = trees.isEmpty ? 1 : try progress(.tree, snapshot)
        guard let groups else { return ofTrees }
        guard try snapshot.keepsGroups(groups, schema, maker) else { return ofTrees / 2 }
        return trees.isEmpty ? try progress(.group, snapshot) : try (ofTrees + progress(.group, snapshot)) / 2
    }

    private func progress(
        _ derived: DerivedTable, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) -> Double {
        switch try snapshot.buildState(derived, schema) {
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
            let items = try TreeItems(BorrowedReading(snapshot), table, TreeName(number)).count
            let leftOut = Int(clamping: try snapshot.leftOut(of: TreeName(number), table))
            reports.append(NegentropyTreeReport(tree: tree, items: items, leftOut: leftOut))
        }
        return reports
    }

    /// How the groups stand, letter by letter; `nil` where there are none, or while they are being made.
    ///
    /// - Complexity: linear in the groups.
    public func groupReports() throws(StoreError) -> [GroupReport]? {
        let snapshot = try ReadTransaction(environment)
        guard let groups, let table = schema[.group], try snapshot.buildState(.group, schema) == .whole,
            try snapshot.keepsGroups(groups, schema, maker)
        else { return nil }
        var found: [GroupLetter: (groups: Int, items: Int)] = [:]
        try snapshot.forEachGroup(table) { group throws(StoreError) in
            guard let letter = GroupLetter(rawValue: group.letter) else { return }
            found[letter, default: (0, 0)].groups += 1
            found[letter, default: (0, 0)].items +=
                try TreeItems(BorrowedReading(snapshot), table, group).count
        }
        var reports: [GroupReport] = []
        for letter in GroupLetter.allCases {
            let (groups, items) = found[letter] ?? (0, 0)
            let leftOut = Int(clamping: try snapshot.leftOut(of: letter, table))
            reports.append(GroupReport(letter: letter, groups: groups, items: items, leftOut: leftOut))
        }
        return reports
    }
}
