// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// One side's items in their order, found by their place: an array, or a tree that keeps sums.
public protocol NegentropyStorage {
    associatedtype Failure: Error

    /// How many items there are.
    var count: Int { get }

    /// The place of the first item of `range` that does not lie before `bound`; the range's end when there is none.
    func firstIndex(notBefore bound: NegentropyBound, in range: Range<Int>) throws(Failure) -> Int

    /// The sum of the ids of `range`.
    func sum(of range: Range<Int>) throws(Failure) -> NegentropySum

    /// Gives items of `range` in order until `body` returns `false`.
    func items(in range: Range<Int>, _ body: (NegentropyItem) -> Bool) throws(Failure)

    /// Places within `range` where it is cut into about so many parts, about equally long: in order, and at least one where the range
    /// has two items. Whoever finds some places more easily than others may choose.
    func cuts(of range: Range<Int>, into parts: Int) throws(Failure) -> [Int]

    /// A bound that lies after the item before a place and not after the one at it, as short as may be.
    ///
    /// - Parameter index: neither the first place nor the end.
    func bound(before index: Int) throws(Failure) -> NegentropyBound
}

extension NegentropyStorage {
    public func cuts(of range: Range<Int>, into parts: Int) throws(Failure) -> [Int] {
        range.evenCuts(into: parts)
    }

    public func bound(before index: Int) throws(Failure) -> NegentropyBound { try itemBound(before: index) }

    /// The shortest bound between an item and the one before it.
    func itemBound(before index: Int) throws(Failure) -> NegentropyBound {
        var previous: NegentropyItem?
        var bound = NegentropyBound.infinity
        try items(in: (index - 1)..<(index + 1)) { item in
            if let previous { bound = NegentropyBound(between: previous, and: item) }
            previous = item
            return true
        }
        return bound
    }

    /// One item.
    func item(at index: Int) throws(Failure) -> NegentropyItem? {
        var found: NegentropyItem?
        try items(in: index..<(index + 1)) { item in
            found = item
            return false
        }
        return found
    }
}

extension Range<Int> {
    /// Where it is cut into so many parts, or as many as it has places; the longer ones come first.
    package func evenCuts(into parts: Int) -> [Int] {
        let parts = Swift.min(parts, count)
        guard parts > 1 else { return [] }
        let (least, longer) = count.quotientAndRemainder(dividingBy: parts)
        return (1..<parts).map { lowerBound + $0 * least + Swift.min($0, longer) }
    }
}

/// Items in an array.
public struct NegentropyArray: NegentropyStorage, Sendable {
    private let sorted: [NegentropyItem]

    /// - Parameter items: in any order, each once or more often.
    public init(_ items: some Sequence<NegentropyItem>) {
        var sorted = items.sorted()
        // In place: neighbours alone can be equal.
        var kept = 0
        for index in sorted.indices where kept == 0 || sorted[kept - 1] != sorted[index] {
            sorted[kept] = sorted[index]
            kept += 1
        }
        sorted.removeLast(sorted.count - kept)
        self.sorted = sorted
    }

    public var count: Int { sorted.count }

    public func firstIndex(notBefore bound: NegentropyBound, in range: Range<Int>) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if bound.isAfter(sorted[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    public func sum(of range: Range<Int>) -> NegentropySum {
        var sum = NegentropySum()
        for index in range { sum.add(sorted[index].id) }
        return sum
    }

    public func items(in range: Range<Int>, _ body: (NegentropyItem) -> Bool) {
        for index in range where !body(sorted[index]) { return }
    }
}
