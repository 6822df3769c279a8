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
}

extension NegentropyStorage {
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
