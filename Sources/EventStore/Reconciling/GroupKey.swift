// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The keys of the table of groups, besides those of its trees (``TreeKey``), which begin with a letter.
///
///     FE ‖ letter 1 → number 8: events that are left out because of their kinds
///     FF ‖ letter 1 ‖ repository 8 ‖ group 8: a group whose events name a repository
enum GroupKey {
    private static let leftOutByte: UInt16 = 0xFE00
    private static let directoryByte: UInt16 = 0xFF00

    static func leftOut(_ letter: GroupLetter) -> Key {
        var key = Key()
        key.append(leftOutByte | UInt16(letter.rawValue))
        return key
    }

    /// What all groups of a repository begin with.
    static func groups(of naming: EventGroups.Naming) -> Key {
        var key = Key()
        key.append(directoryByte | UInt16(naming.letter.rawValue))
        key.append(naming.repository)
        return key
    }

    static func group(_ group: UInt64, of naming: EventGroups.Naming) -> Key {
        var key = groups(of: naming)
        key.append(group)
        return key
    }

    static let groupBytes = 18

    /// Where the rows of repositories begin.
    static var directory: Key {
        var key = Key()
        key.append(directoryByte)
        return key
    }

    static func isOfDirectory(_ key: Span<UInt8>) -> Bool { key[0] == 0xFF }
    static func isOfTree(_ key: Span<UInt8>) -> Bool { key[0] < 0x80 }
}

extension Snapshot where Self: ~Copyable {
    /// The groups whose events name any of these, in order; `nil` when there are more than `most`.
    func groups(
        _ letter: GroupLetter, naming repositories: [UInt64], most: Int, _ table: Table
    ) throws(StoreError) -> [TreeName]? {
        var groups: Set<UInt64> = []
        var cursor = try Cursor(self, table)
        for repository in repositories {
            let prefix = GroupKey.groups(of: EventGroups.Naming(letter: letter, repository: repository))
            var isThere = try cursor.seek(prefix.span)
            while isThere, cursor.key.starts(with: prefix.span), cursor.key.count == GroupKey.groupBytes {
                groups.insert(cursor.key.word(at: GroupKey.groupBytes - 8))
                if groups.count > most { return nil }
                isThere = try cursor.next()
            }
        }
        return groups.sorted().map { TreeName(letter, group: $0) }
    }

    /// Gives the name of every group that has a row.
    func forEachGroup(
        _ table: Table, _ body: (TreeName) throws(StoreError) -> Void
    ) throws(StoreError) {
        var cursor = try Cursor(self, table)
        var isThere = try cursor.next()
        while isThere, GroupKey.isOfTree(cursor.key) {
            guard let group = TreeName(groupKey: cursor.key) else {
                throw .corrupt("a group's key of \(cursor.key.count) bytes")
            }
            try body(group)
            isThere = try cursor.seek(TreeKey(group, .max).span)
        }
    }

    /// How many stored events name repositories by a letter and are left out because of their kinds.
    func leftOut(of letter: GroupLetter, _ table: Table) throws(StoreError) -> UInt64 {
        guard let row = try value(table, GroupKey.leftOut(letter).span) else { return 0 }
        guard row.count == 8 else { throw .corrupt("a number of \(row.count) bytes among groups") }
        return row.word(at: 0)
    }
}
