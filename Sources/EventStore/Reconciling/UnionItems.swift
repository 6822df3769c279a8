// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy

/// Several sets that share no item, as one.
///
/// Sums add up, so a place in the union is a bound, and what lies before it is asked of every set. Places that were found are
/// remembered; others are reached from the nearest one before, an item at a time. So ranges are cut where some item of a sample
/// happens to be, unless they are short.
struct UnionItems<Run: ItemRun>: NegentropyStorage {
    typealias Failure = Run.Failure

    let count: Int
    private let memory: Memory

    /// Items of a range that is passed one by one to cut it evenly.
    private static var passedMost: Int { 4_096 }
    /// Items of a sample for each part.
    private static var sampledPerPart: Int { 16 }

    /// What lies before a bound, among the items of all times.
    private struct Place {
        var bound: NegentropyBound
        var sum: NegentropySum

        /// Which place it is. Sums that damage has spoilt may make it any.
        func index(from first: Place) -> Int { Int(truncatingIfNeeded: sum.count &- first.sum.count) }
    }

    /// - Parameters:
    ///   - runs: at their beginnings.
    ///   - start: what lies before it is not there.
    ///   - end: the first bound that nothing lies behind.
    init(
        _ runs: [Run], from start: NegentropyBound = NegentropyBound(timestamp: 0),
        to end: NegentropyBound = .infinity
    ) throws(Failure) {
        var merged = MergedRuns(runs)
        try merged.pass(before: start)
        let first = Place(bound: start, sum: merged.passed)
        if start < end { try merged.pass(before: end) }
        let last = Place(bound: end, sum: merged.passed)
        count = max(0, last.index(from: first))
        memory = Memory(runs, first, last)
    }

    func firstIndex(notBefore bound: NegentropyBound, in range: Range<Int>) throws(Failure) -> Int {
        if !(bound < memory.last.bound) { return range.upperBound }
        guard memory.first.bound < bound else { return range.lowerBound }
        return try memory.withRuns(at: bound) { runs in
            let place = Place(bound: bound, sum: runs.passed)
            return min(max(memory.remember(place), range.lowerBound), range.upperBound)
        }
    }

    func sum(of range: Range<Int>) throws(Failure) -> NegentropySum {
        var sum = try place(of: range.upperBound).sum
        sum.remove(try place(of: range.lowerBound).sum)
        return sum
    }

    func items(in range: Range<Int>, _ body: (NegentropyItem) -> Bool) throws(Failure) {
        guard !range.isEmpty else { return }
        let start = try place(of: range.lowerBound).bound
        try memory.withRuns(at: start) { runs throws(Failure) in
            for _ in range {
                guard let item = runs.next, body(item) else { return }
                try runs.passNext()
            }
        }
    }

    func bound(before index: Int) throws(Failure) -> NegentropyBound { try place(of: index).bound }

    func cuts(of range: Range<Int>, into parts: Int) throws(Failure) -> [Int] {
        if range.count > Self.passedMost {
            let cuts = try sampledCuts(of: range, into: parts)
            if !cuts.isEmpty { return cuts }
        }
        let cuts = range.evenCuts(into: parts)
        var index = range.lowerBound
        var start = try place(of: index).bound
        for cut in cuts {
            start = try pass(cut - index, from: start).bound
            index = cut
        }
        return cuts
    }

    /// - Complexity: that of the samples, and O(*k*) for each part.
    private func sampledCuts(of range: Range<Int>, into parts: Int) throws(Failure) -> [Int] {
        let (start, end) = (try place(of: range.lowerBound).bound, try place(of: range.upperBound).bound)
        var sample: [NegentropyItem] = []
        for run in memory.runs {
            try run.sample(from: start, to: end, oneIn: range.count / (parts * Self.sampledPerPart)) {
                sample.append($0)
            }
        }
        sample.sort()
        var cuts: [Int] = []
        for index in sample.indices.evenCuts(into: parts) {
            let bound = NegentropyBound(between: sample[index - 1], and: sample[index])
            let cut = try memory.withRuns(at: bound) {
                memory.remember(Place(bound: bound, sum: $0.passed))
            }
            if cut > cuts.last ?? range.lowerBound, cut < range.upperBound { cuts.append(cut) }
        }
        return cuts
    }

    private func place(of index: Int) throws(Failure) -> Place {
        if let known = memory.places[index] { return known }
        let below = memory.nearest(below: index)
        return try pass(index - below.index, from: below.place.bound)
    }

    /// The place so many items after a bound that is the place of one.
    private func pass(_ count: Int, from start: NegentropyBound) throws(Failure) -> Place {
        try memory.withRuns(at: start) { runs throws(Failure) in
            var previous: NegentropyItem?
            for _ in 0..<count {
                previous = runs.next
                try runs.passNext()
            }
            var bound = start
            if let previous {
                bound = runs.next.map { NegentropyBound(between: previous, and: $0) } ?? .infinity
            }
            let place = Place(bound: bound, sum: runs.passed)
            _ = memory.remember(place)
            return place
        }
    }
}

extension UnionItems {
    /// What was found for one message.
    private final class Memory {
        let runs: [Run]
        let first: Place
        let last: Place
        private(set) var places: [Int: Place] = [:]
        private var latest: Int
        /// Two, as ends of ranges and cuts within them take turns; the one used last is the second.
        private var merged: [MergedRuns<Run>]

        /// Beyond it only the ends and the last one are kept.
        static var placesMost: Int { 16_384 }

        init(_ runs: [Run], _ first: Place, _ last: Place) {
            (self.runs, self.first, self.last) = (runs, first, last)
            merged = [MergedRuns(runs), MergedRuns(runs)]
            places[0] = first
            latest = 0
            latest = remember(last)
        }

        /// - Returns: its place, counted from the first.
        func remember(_ place: Place) -> Int {
            if places.count >= Self.placesMost {
                let end = last.index(from: first)
                places = places.filter { $0.key == 0 || $0.key == latest || $0.key == end }
            }
            latest = place.index(from: first)
            if places[latest] == nil { places[latest] = place }
            return latest
        }

        /// The nearest place that is known.
        func nearest(below index: Int) -> (index: Int, place: Place) {
            let found = places.keys.filter { $0 <= index }.max() ?? 0
            return (found, places[found] ?? first)
        }

        /// Runs that have passed what lies before a bound, and nothing else.
        func withRuns<Value>(
            at bound: NegentropyBound, _ body: (inout MergedRuns<Run>) throws(Failure) -> Value
        ) throws(Failure) -> Value {
            // The one that is nearer; both may be beyond.
            let usable = merged.indices.filter { merged[$0].mayPass(before: bound) }
            if let nearest = usable.max(by: { merged[$0].passed.count < merged[$1].passed.count }) {
                merged.swapAt(nearest, 1)
            } else {
                merged = [merged[1], MergedRuns(runs)]
            }
            try merged[1].pass(before: bound)
            return try body(&merged[1])
        }
    }
}
