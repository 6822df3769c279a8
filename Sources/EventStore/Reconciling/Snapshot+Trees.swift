// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Snapshot where Self: ~Copyable {
    /// Whether these trees were kept in step by every commit.
    func keepsTrees(
        _ trees: [NegentropyTree], _ schema: StoreSchema, _ maker: KeyMaker
    ) throws(StoreError) -> Bool {
        try keeps(NegentropyTree.row(of: trees), StoreFormat.keptTreesKey, schema, maker)
    }

    /// Whether these groups were.
    func keepsGroups(
        _ groups: RepositoryGroups, _ schema: StoreSchema, _ maker: KeyMaker
    ) throws(StoreError) -> Bool {
        try keeps(groups.row, StoreFormat.keptGroupsKey, schema, maker)
    }

    private func keeps(
        _ what: [UInt8], _ key: Key, _ schema: StoreSchema, _ maker: KeyMaker
    ) throws(StoreError) -> Bool {
        guard let row = try value(schema.meta, key.span) else { return false }
        let expected = maker.kept(what, try state(schema).sequence)
        return row.count == expected.count && row.starts(with: expected.span)
    }
}

extension WritableSnapshot where Self: ~Copyable {
    /// Says which trees every commit up to this one has kept.
    func markTrees(
        _ trees: [NegentropyTree], _ sequence: CommitSequence, _ schema: StoreSchema, _ maker: KeyMaker
    ) throws(StoreError) {
        let row = maker.kept(NegentropyTree.row(of: trees), sequence)
        try put(schema.meta, StoreFormat.keptTreesKey.span, row.span)
    }

    /// Says the same of groups.
    func markGroups(
        _ groups: RepositoryGroups, _ sequence: CommitSequence, _ schema: StoreSchema, _ maker: KeyMaker
    ) throws(StoreError) {
        try put(schema.meta, StoreFormat.keptGroupsKey.span, maker.kept(groups.row, sequence).span)
    }

    /// Empties all trees, or all groups, so that they are made anew.
    func dropSums(_ derived: DerivedTable, _ schema: StoreSchema) throws(StoreError) {
        guard let table = schema[derived] else { return }
        try delete(schema.meta, derived.builtKey.span)
        if try rows(table) > 0 { try empty(table) }
    }
}

extension KeyMaker {
    /// The row of ``StoreFormat/keptTreesKey`` and ``StoreFormat/keptGroupsKey``.
    fileprivate func kept(_ what: [UInt8], _ sequence: CommitSequence) -> Key {
        var hash = KeyHash(secret)
        hash.absorb(what.span)
        var row = Key(sequence.rawValue)
        row.append(hash.finish())
        return row
    }
}
