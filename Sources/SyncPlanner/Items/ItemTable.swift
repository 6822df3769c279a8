// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The number of every item that the plan speaks of.
///
/// Numbers are given in the order in which items are first met, and given anew once nothing speaks of an
/// item any more (``keep(_:)``), so that the table is bounded by what is known at one time.
struct ItemTable: Hashable, Sendable {
    private struct Slot: Hashable, Sendable {
        let item: SyncItem
        /// As a filter's value; every filter of every relay shares it.
        let text: TagValue
    }

    private var numbers: [SyncItem: ItemNumber] = [:]
    /// By family, then by index; `nil` where a number is free.
    private var slots: [[Slot?]]
    private var free: [[Int]]
    /// How many items there may be before it is worth looking for those that can be forgotten.
    private(set) var crowd = 4096

    init() {
        slots = SyncItem.Family.allCases.map { _ in [] }
        free = slots.map { _ in [] }
        _ = number(.announcements)
    }

    var count: Int { numbers.count }
    var isCrowded: Bool { numbers.count > crowd }

    /// The item's number, a new one if it has none.
    mutating func number(_ item: SyncItem) -> ItemNumber {
        if let number = numbers[item] { return number }
        let family = item.family.rawValue
        let slot = Slot(item: item, text: item.filterValue)
        let index: Int
        if let last = free[family].popLast() {
            index = last
            slots[family][index] = slot
        } else {
            index = slots[family].count
            slots[family].append(slot)
        }
        let number = ItemNumber(item.family, index)
        numbers[item] = number
        return number
    }

    func known(_ item: SyncItem) -> ItemNumber? { numbers[item] }

    subscript(number: ItemNumber) -> SyncItem { slot(number).item }

    /// What a filter asks for: an id in hex, an address.
    func text(_ number: ItemNumber) -> TagValue { slot(number).text }

    func all(of items: ItemSet) -> [SyncItem] { items.map { self[$0] } }

    private func slot(_ number: ItemNumber) -> Slot {
        guard let slot = slots[number.familyNumber][number.index] else {
            preconditionFailure("an item's number outlived the item")
        }
        return slot
    }

    /// Forgets every item but these.
    mutating func keep(_ used: ItemSet) {
        for family in slots.indices {
            for index in slots[family].indices {
                guard let slot = slots[family][index], slot.item != .announcements,
                    !used.contains(ItemNumber(slot.item.family, index))
                else { continue }
                numbers[slot.item] = nil
                slots[family][index] = nil
                free[family].append(index)
            }
        }
        crowd = max(4096, 2 * numbers.count)
    }
}

extension SyncItem {
    fileprivate var filterValue: TagValue {
        switch self {
        case .announcements, .deletions, .reference: TagValue("")
        case .repository(let address): address.text
        case .root(let id), .comment(let id): TagValue(id.hex)
        }
    }
}
