// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// What has room where not everything has: nobody's share grows while another's waits.
extension LivePacking {
    /// As much as there is room for. The shares grow side by side, so that who wants little has all of it, however much
    /// others want; each from its lowest numbers on: repositories first, then roots, the oldest first, so that
    /// whatever comes later takes nobody's place within a share.
    ///
    /// - Parameter shares: what each wants; an item that several want counts for the first.
    /// - Returns: the packing, and everything of the shares that are in it as a whole.
    static func fair(
        _ shares: [ItemSet], in table: ItemTable, room: Room
    ) -> (packing: LivePacking, whole: ItemSet) {
        var filling = Filling(packing: LivePacking(room: room))
        var rest = shares.map { (items: $0.makeIterator(), bytes: 0) }
        var level = 0
        while !rest.isEmpty {
            level += quantum
            for index in rest.indices {
                while rest[index].bytes < level {
                    guard let item = rest[index].items.next() else {
                        rest[index].bytes = .max
                        break
                    }
                    rest[index].bytes += filling.add(item, in: table)
                }
            }
            rest.removeAll { $0.bytes == .max }
        }
        let packing = filling.packing
        let whole = shares.filter { $0.isSubset(of: packing.items) }
        return (packing, whole.reduce(into: ItemSet()) { $0.formUnion($1) })
    }

    /// **Bytes** by which shares grow.
    private static let quantum = 1024

    private struct Filling {
        var packing: LivePacking
        /// Where each condition found room last: nothing is taken out again, so that it looks there first.
        private var last = [Int](repeating: 0, count: Condition.allCases.count)
        /// The shortest item of each family that found no room: no longer one will.
        private var refused = [Int](repeating: .max, count: SyncItem.Family.allCases.count)

        init(packing: LivePacking) { self.packing = packing }

        /// - Returns: the bytes that it took.
        mutating func add(_ item: ItemNumber, in table: ItemTable) -> Int {
            if packing.items.contains(item) { return 0 }
            let conditions = Condition.of(table[item].family)
            let length = conditions.reduce(0) { $0 + $1.length(item, in: table) }
            guard length < refused[item.familyNumber] else { return 0 }
            let last = last
            guard
                let bins = packing.insert(item, in: table, from: { last[$0.rawValue] })
                    ?? packing.insert(item, in: table, from: { _ in 0 })
            else {
                refused[item.familyNumber] = length
                return 0
            }
            for (condition, bin) in zip(conditions, bins) { self.last[condition.rawValue] = bin }
            return length
        }
    }
}
