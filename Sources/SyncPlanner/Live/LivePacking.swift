// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// How few live subscriptions of few filters and short messages hold much: each condition by itself, an item's
/// conditions in as many subscriptions as it takes, and no filter twice where one will do.
///
///     subscription 0   {kinds 30617, 10317}  {kind 30618, #d}
///     subscription 1   {#a}  {#A}
///     subscription 2   {#q of addresses and roots}  {#e of roots and comments}
///     subscription 3   {#E}  {kind 5, authors}
struct LivePacking: Hashable, Sendable {
    /// What the relay leaves us.
    struct Room: Hashable, Sendable {
        let subscriptions: Int
        /// Of one subscription.
        let filters: Int
        /// Of one message.
        let bytes: Int
        /// Of all of them together.
        var total = Int.max
    }

    /// One kind of filter.
    enum Condition: Int, Hashable, Sendable, CaseIterable {
        case announcements, identifiers, addresses, upperAddresses, quotes, events, upperEvents, authors
    }

    /// One subscription.
    struct Bin: Hashable, Sendable {
        fileprivate(set) var items: [Condition: ItemSet] = [:]
        fileprivate(set) var bytes = 0

        var all: ItemSet { items.values.reduce(into: ItemSet()) { $0.formUnion($1) } }
    }

    let room: Room
    private(set) var bins: [Bin] = []
    private(set) var items = ItemSet()
    /// Of all subscriptions together.
    private(set) var bytes = 0

    init(room: Room) { self.room = room }

    /// Packs all of these; `nil` when they have no room.
    ///
    /// The best packing is as hard to find as any of that kind. Where whole messages suffice each order finds one;
    /// else several are tried, and the one with the fewest subscriptions is taken.
    init?(_ items: ItemSet, in table: ItemTable, room: Room) {
        // A set that is larger than the room by far is not tried in six ways.
        let sizes = Dictionary(
            uniqueKeysWithValues: Condition.allCases.map { condition in
                let size = condition.families.reduce(0) { sum, family in
                    items.only(family).reduce(sum) { $0 + condition.length($1, in: table) }
                }
                return (condition, size)
            })
        let filters = sizes.values.count { $0 > 0 }
        let bytes = sizes.values.reduce(filters * Filter.bareLength, +)
        guard filters <= room.subscriptions * room.filters,
            bytes <= min(room.subscriptions * room.bytes, room.total)
        else { return nil }
        let falling = Condition.allCases.sorted { a, b in
            (sizes[a, default: 0], b.rawValue) > (sizes[b, default: 0], a.rawValue)
        }
        var best: LivePacking?
        for order in [falling, Condition.allCases, Self.mixed(falling, by: room.filters)] {
            for looksBack in [false, true] {
                guard let packing = Self.filled(items, in: table, room, order, looksBack) else { continue }
                if best.map({ packing.bins.count < $0.bins.count }) ?? true { best = packing }
            }
        }
        guard let best else { return nil }
        self = best
    }

    /// The smallest that leave one filter, then the largest: it fills the rest.
    private static func mixed(_ falling: [Condition], by filters: Int) -> [Condition] {
        var (rest, order) = (falling, [Condition]())
        while !rest.isEmpty {
            for _ in 1..<max(2, filters) where rest.count > 1 { order.append(rest.removeLast()) }
            order.append(rest.removeFirst())
        }
        return order
    }

    private static func filled(
        _ items: ItemSet, in table: ItemTable, _ room: Room, _ order: [Condition], _ looksBack: Bool
    ) -> LivePacking? {
        var packing = LivePacking(room: room)
        for condition in order {
            for family in condition.families {
                for item in items.only(family) {
                    let from = looksBack ? 0 : max(0, packing.bins.count - 1)
                    guard packing.place(item, condition, in: table, from: from) != nil else { return nil }
                }
            }
        }
        packing.items = items
        return packing
    }

    /// Adds items, each where there is room for all of its conditions.
    ///
    /// - Returns: the subscriptions that hold more than before, and the items that found no room.
    mutating func insert(_ new: ItemSet, in table: ItemTable) -> (changed: Set<Int>, left: ItemSet) {
        var (changed, left) = (Set<Int>(), ItemSet())
        for item in new.subtracting(items) {
            if let bins = insert(item, in: table, from: { _ in 0 }) {
                changed.formUnion(bins)
            } else {
                left.insert(item)
            }
        }
        return (changed, left)
    }

    /// Adds an item to as many subscriptions as it has conditions.
    ///
    /// - Parameter first: from where a condition looks for room.
    /// - Returns: the subscription of each condition; `nil`, and nothing was added, when there is no room.
    mutating func insert(
        _ item: ItemNumber, in table: ItemTable, from first: (Condition) -> Int
    ) -> [Int]? {
        let conditions = Condition.of(table[item].family)
        var placed: [Int] = []
        for condition in conditions {
            guard let bin = place(item, condition, in: table, from: first(condition)) else {
                for (condition, bin) in zip(conditions, placed).reversed() {
                    takeBack(item, condition, in: table, bin)
                }
                return nil
            }
            placed.append(bin)
        }
        items.insert(item)
        return placed
    }

    private mutating func takeBack(
        _ item: ItemNumber, _ condition: Condition, in table: ItemTable, _ bin: Int
    ) {
        bins[bin].items[condition]?.remove(item)
        shrink(bin, by: condition.length(item, in: table))
        guard bins[bin].items[condition]?.isEmpty == true else { return }
        bins[bin].items[condition] = nil
        shrink(bin, by: Filter.bareLength)
        if bins[bin].items.isEmpty, bin == bins.count - 1 { bins.removeLast() }
    }

    /// Whether it keeps to its room, and its sums are right.
    func isSound(in table: ItemTable) -> Bool {
        bins.count <= room.subscriptions && bytes <= room.total && bytes == bins.reduce(0) { $0 + $1.bytes }
            && bins.allSatisfy { bin in
                let bytes = bin.items.reduce(bin.items.count * Filter.bareLength) { sum, held in
                    held.value.reduce(sum) { $0 + held.key.length($1, in: table) }
                }
                return bin.bytes == bytes && bytes <= room.bytes && bin.items.count <= room.filters
            }
    }

    /// Forgets everything but these.
    ///
    /// - Returns: the subscriptions that hold less than before.
    mutating func keep(_ kept: ItemSet, in table: ItemTable) -> Set<Int> {
        var changed: Set<Int> = []
        for index in bins.indices {
            for (condition, held) in bins[index].items {
                let gone = held.subtracting(kept)
                if gone.isEmpty { continue }
                changed.insert(index)
                shrink(index, by: gone.reduce(0) { $0 + condition.length($1, in: table) })
                let rest = held.intersection(kept)
                bins[index].items[condition] = rest.isEmpty ? nil : rest
                if rest.isEmpty { shrink(index, by: Filter.bareLength) }
            }
        }
        items.formIntersection(kept)
        return changed
    }

    /// Into a filter of its kind; else into a subscription with room for one more; else into a new one.
    private mutating func place(
        _ item: ItemNumber, _ condition: Condition, in table: ItemTable, from first: Int
    ) -> Int? {
        let length = condition.length(item, in: table)
        guard bytes + length <= room.total else { return nil }
        if let at = bins.indices.dropFirst(first).first(where: {
            bins[$0].items[condition] != nil && bins[$0].bytes + length <= room.bytes
        }) {
            return put(item, condition, length, at)
        }
        let whole = length + Filter.bareLength
        guard bytes + whole <= room.total else { return nil }
        if let at = bins.indices.dropFirst(first).first(where: {
            bins[$0].items.count < room.filters && bins[$0].bytes + whole <= room.bytes
        }) {
            return put(item, condition, whole, at)
        }
        guard bins.count < room.subscriptions, whole <= room.bytes, room.filters > 0 else { return nil }
        bins.append(Bin())
        return put(item, condition, whole, bins.count - 1)
    }

    private mutating func put(_ item: ItemNumber, _ condition: Condition, _ length: Int, _ at: Int) -> Int {
        bins[at].items[condition, default: ItemSet()].insert(item)
        bins[at].bytes += length
        bytes += length
        return at
    }

    private mutating func shrink(_ bin: Int, by length: Int) {
        bins[bin].bytes -= length
        bytes -= length
    }

    /// What one subscription asks for.
    func filters(of bin: Int, in table: ItemTable, limit: Int) -> [Filter] {
        bins[bin].items.sorted { $0.key.rawValue < $1.key.rawValue }.map { condition, items in
            var filter = condition.filter(table.all(of: items))
            filter.limit = limit
            return filter
        }
    }
}
