// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A storage, and a few items that it lacks.
public struct NegentropyOverlay<Base: NegentropyStorage>: NegentropyStorage {
    public typealias Failure = Base.Failure

    private let base: Base
    /// In order, each with its place among all.
    private let added: [(item: NegentropyItem, place: Int)]

    /// - Parameter items: in any order; those that the storage has are there once.
    public init(_ base: Base, adding items: some Sequence<NegentropyItem>) throws(Failure) {
        self.base = base
        var added: [(item: NegentropyItem, place: Int)] = []
        for item in items.sorted() where added.last?.item != item {
            let index = try base.firstIndex(notBefore: NegentropyBound(before: item), in: 0..<base.count)
            if index < base.count, try base.item(at: index) == item { continue }
            added.append((item, index + added.count))
        }
        self.added = added
    }

    public var count: Int { base.count + added.count }

    public func firstIndex(notBefore bound: NegentropyBound, in range: Range<Int>) throws(Failure) -> Int {
        let among = added.partitioningIndex { !bound.isAfter($0.item) }
        let index = try base.firstIndex(notBefore: bound, in: 0..<base.count) + among
        return min(max(index, range.lowerBound), range.upperBound)
    }

    public func sum(of range: Range<Int>) throws(Failure) -> NegentropySum {
        let among = addedWithin(range)
        var sum = try base.sum(of: baseRange(range, among))
        for entry in added[among] { sum.add(entry.item.id) }
        return sum
    }

    public func items(in range: Range<Int>, _ body: (NegentropyItem) -> Bool) throws(Failure) {
        let among = addedWithin(range)
        var next = among.lowerBound
        var goesOn = true
        func giveAdded(before item: NegentropyItem?) {
            while goesOn, next < among.upperBound, item.map({ added[next].item < $0 }) ?? true {
                goesOn = body(added[next].item)
                next += 1
            }
        }
        try base.items(in: baseRange(range, among)) { item in
            giveAdded(before: item)
            if goesOn { goesOn = body(item) }
            return goesOn
        }
        giveAdded(before: nil)
    }

    /// Where the base is cut, unless the range is mostly of what was added.
    public func cuts(of range: Range<Int>, into parts: Int) throws(Failure) -> [Int] {
        let among = addedWithin(range)
        let baseRange = baseRange(range, among)
        guard baseRange.count > 2 * among.count else { return range.evenCuts(into: parts) }
        var cuts: [Int] = []
        for cut in try base.cuts(of: baseRange, into: parts) { cuts.append(try cut + addedBefore(cut)) }
        return cuts
    }

    public func bound(before index: Int) throws(Failure) -> NegentropyBound {
        let cut = index - addedWithin(0..<index).count
        if cut > 0, cut < base.count, try cut + addedBefore(cut) == index {
            return try base.bound(before: cut)
        }
        return try itemBound(before: index)
    }

    /// How many of the added ones lie before a bound of the base.
    private func addedBefore(_ cut: Int) throws(Failure) -> Int {
        let bound = try base.bound(before: cut)
        return added.partitioningIndex { !bound.isAfter($0.item) }
    }

    /// Which of the added ones have their places in a range.
    private func addedWithin(_ range: Range<Int>) -> Range<Int> {
        added.partitioningIndex {
            $0.place >= range.lowerBound
        }..<added.partitioningIndex {
            $0.place >= range.upperBound
        }
    }

    private func baseRange(_ range: Range<Int>, _ among: Range<Int>) -> Range<Int> {
        (range.lowerBound - among.lowerBound)..<(range.upperBound - among.upperBound)
    }
}

extension Array {
    /// The first index whose element, and every later one, `belongs`.
    fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
