// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a transaction may still add to the map, so that a full store can always be emptied.
///
/// The last part of the map is kept for deletions, sweeps and removed rows, which need pages before they
/// give any back. What an addition will take is estimated from above.
struct StoreRoom {
    /// **Bytes** above what is kept.
    private var left: Int
    /// Whether pages that were given back are in `left`: they are counted when nothing else is left.
    private var isCounted = false
    private let environment: Environment

    init(_ environment: Environment) throws(StoreError) {
        self.environment = environment
        let extent = try environment.extent()
        left = extent.map - extent.used - Self.kept(of: extent.map)
    }

    /// **Bytes** of a map that are kept for deletions.
    static func kept(of map: Int) -> Int { min(max(map / 64, 8 << 20), map / 8) }

    /// - Throws: ``StoreError/full(operation:reason:)``, before anything was written.
    mutating func take(_ bytes: Int) throws(StoreError) {
        if left < bytes, !isCounted {
            isCounted = true
            left += try environment.freeBytes()
        }
        guard left >= bytes else {
            throw .full(operation: "add to the store", reason: "what is left is kept for deletions")
        }
        left -= bytes
    }
}

extension StoreRoom {
    /// **Bytes** that an event takes, with its entries in the indexes.
    static func bytes(ofEvent json: Int, tags: Int) -> Int {
        let page = 4096
        let record = json + 64
        // Longer ones lie on pages of their own.
        let stored = record > page / 2 - 64 ? (record + page) / page * page : record
        // Seven entries, and two a tag, of which the shortest has nine bytes.
        return stored + (7 + 2 * (tags / 9)) * 64
    }
}
