// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// An item by the small number that the plan knows it by.
///
/// The family stands in the upper three bits: numbers sort as families do, and what depends on the family
/// alone needs no look at the item.
struct ItemNumber: Hashable, Sendable, Comparable {
    let rawValue: UInt32

    init(rawValue: UInt32) { self.rawValue = rawValue }

    init(_ family: SyncItem.Family, _ index: Int) {
        rawValue = UInt32(family.rawValue) << Self.indexBits | UInt32(index)
    }

    static let indexBits: UInt32 = 29
    static let announcements = ItemNumber(.announcements, 0)

    var index: Int { Int(rawValue & (1 << Self.indexBits - 1)) }
    var familyNumber: Int { Int(rawValue >> Self.indexBits) }
    var isRoot: Bool { familyNumber == SyncItem.Family.root.rawValue }
    var isDeletions: Bool { familyNumber == SyncItem.Family.deletions.rawValue }

    static func < (a: ItemNumber, b: ItemNumber) -> Bool { a.rawValue < b.rawValue }
}
