// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What a transaction may still add to the map, so that a full store can always be emptied.
///
/// The last part of the map is kept for deletions, sweeps and removed rows, which need pages before they
/// give any back. What an addition will take is estimated from above.
struct StoreRoom {
    /// **Bytes** above what is kept.
    private var left: Int
    /// **Bytes** that are kept.
    let kept: Int
    /// Whether pages that were given back are in `left`: they are counted when nothing else is left.
    private var isCounted = false
    private let environment: Environment

    init(_ environment: Environment) throws(StoreError) {
        self.environment = environment
        let extent = try environment.extent()
        kept = Self.kept(of: extent.map)
        left = extent.map - extent.used - kept
    }

    /// **Bytes** of a map that are kept for deletions.
    static func kept(of map: Int) -> Int { min(max(map / 64, 8 << 20), map / 8) }

    /// Whether so many **bytes** are free besides what is kept for deletions.
    mutating func canSpare(_ bytes: Int) throws(StoreError) -> Bool {
        if left < bytes { try count() }
        return left >= bytes
    }

    private mutating func count() throws(StoreError) {
        if isCounted { return }
        isCounted = true
        left += try environment.freeBytes()
    }

    /// - Throws: ``StoreError/full(operation:reason:)``, before anything was written.
    mutating func take(_ bytes: Int) throws(StoreError) {
        if left < bytes { try count() }
        guard left >= bytes else {
            throw .full(operation: "add to the store", reason: "what is left is kept for deletions")
        }
        left -= bytes
    }
}

extension StoreRoom {
    /// **Bytes** that an event takes in one tree: half as much again as its row.
    static let treeBytes = 96
    /// **Bytes** that an event takes in a group of its own: its row, a sum for each level, and where it is listed.
    static let groupBytes = 512

    /// **Bytes** that an event takes, with its entries in the indexes.
    static func bytes(
        ofEvent json: Int, tags: Int, areWordsIndexed: Bool, trees: Int = 0, groups: Bool = false
    ) -> Int {
        let page = 4096
        let record = json + 64
        // Longer ones lie on pages of their own.
        let stored = record > page / 2 - 64 ? (record + page) / page * page : record
        // Seven entries, and two a tag, of which the shortest has nine bytes.
        let words = areWordsIndexed ? min(SearchLimits.wordsPerEvent, json / 2) : 0
        let ofGroups = groups ? min(GroupLetter.allCases.count, tags / 9) * groupBytes : 0
        return stored + (7 + 2 * (tags / 9) + words) * 64 + trees * treeBytes + ofGroups
    }
}
