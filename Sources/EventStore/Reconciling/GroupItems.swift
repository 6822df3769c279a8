// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy

/// The items of some groups between two moments.
///
/// It does nothing but name what ``UnionItems`` is made of, so that the compiler makes one for trees.
struct GroupItems: NegentropyStorage {
    typealias Failure = StoreError

    private let union: UnionItems<TreeRun>
    /// How many groups they are of.
    let groups: Int

    init(_ runs: [TreeRun], _ span: TimeSpan) throws(StoreError) {
        union = try UnionItems(runs, from: span.start, to: span.end)
        groups = runs.count
    }

    var count: Int { union.count }

    func firstIndex(notBefore bound: NegentropyBound, in range: Range<Int>) throws(StoreError) -> Int {
        try union.firstIndex(notBefore: bound, in: range)
    }

    func sum(of range: Range<Int>) throws(StoreError) -> NegentropySum { try union.sum(of: range) }

    func items(in range: Range<Int>, _ body: (NegentropyItem) -> Bool) throws(StoreError) {
        try union.items(in: range, body)
    }

    func cuts(of range: Range<Int>, into parts: Int) throws(StoreError) -> [Int] {
        try union.cuts(of: range, into: parts)
    }

    func bound(before index: Int) throws(StoreError) -> NegentropyBound { try union.bound(before: index) }
}
