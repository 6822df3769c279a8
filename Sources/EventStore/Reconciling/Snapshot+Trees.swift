// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Snapshot where Self: ~Copyable {
    /// Whether these trees were kept in step by every commit.
    func keepsTrees(
        _ trees: [NegentropyTree], _ schema: StoreSchema, _ maker: KeyMaker
    ) throws(StoreError) -> Bool {
        guard let row = try value(schema.meta, StoreFormat.keptTreesKey.span) else { return false }
        let expected = maker.kept(trees, try state(schema).sequence)
        return row.count == expected.count && row.starts(with: expected.span)
    }
}

extension WritableSnapshot where Self: ~Copyable {
    /// Says which trees every commit up to this one has kept.
    func markTrees(
        _ trees: [NegentropyTree], _ sequence: CommitSequence, _ schema: StoreSchema, _ maker: KeyMaker
    ) throws(StoreError) {
        try put(schema.meta, StoreFormat.keptTreesKey.span, maker.kept(trees, sequence).span)
    }

    /// Empties all trees, so that they are made anew.
    func dropTrees(_ schema: StoreSchema) throws(StoreError) {
        guard let table = schema[.tree] else { return }
        try delete(schema.meta, DerivedTable.tree.builtKey.span)
        if try rows(table) > 0 { try empty(table) }
    }
}

extension KeyMaker {
    /// The row of ``StoreFormat/keptTreesKey``.
    fileprivate func kept(_ trees: [NegentropyTree], _ sequence: CommitSequence) -> Key {
        var hash = KeyHash(secret)
        hash.absorb(NegentropyTree.row(of: trees).span)
        var row = Key(sequence.rawValue)
        row.append(hash.finish())
        return row
    }
}
