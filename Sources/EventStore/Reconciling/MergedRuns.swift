// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import HeapModule
import Negentropy

/// Several runs as one: whichever has the first item goes first.
struct MergedRuns<Run: ItemRun> {
    private var runs: [Run]
    private var heads: Heap<RunHead>
    /// The sum of what was passed.
    private(set) var passed = NegentropySum()
    /// Where ``pass(before:)`` went last, and the last item that was passed one by one.
    private var bound = NegentropyBound(timestamp: 0)
    private var last: NegentropyItem?

    /// - Parameter runs: at their beginnings.
    init(_ runs: [Run]) {
        self.runs = runs
        heads = Heap(runs.indices.compactMap { run in runs[run].next.map { RunHead(item: $0, run: run) } })
    }

    /// The first item that was not passed.
    var next: NegentropyItem? { heads.min?.item }

    /// Whether nothing that lies after a bound was passed.
    func mayPass(before bound: NegentropyBound) -> Bool {
        !(bound < self.bound) && (last.map { bound.isAfter($0) } ?? true)
    }

    /// - Complexity: O(*r* log *k*), where *r* runs have something to pass.
    mutating func pass(before bound: NegentropyBound) throws(Run.Failure) {
        while let head = heads.min, bound.isAfter(head.item) {
            passed.remove(runs[head.run].passed)
            try runs[head.run].pass(before: bound)
            passed.add(runs[head.run].passed)
            settle(head.run)
        }
        self.bound = bound
        last = nil
    }

    /// Passes one item.
    mutating func passNext() throws(Run.Failure) {
        guard let head = heads.min else { return }
        try runs[head.run].passNext()
        passed.add(head.item.id)
        last = head.item
        settle(head.run)
    }

    private mutating func settle(_ run: Int) {
        if let item = runs[run].next {
            heads.replaceMin(with: RunHead(item: item, run: run))
        } else {
            _ = heads.popMin()
        }
    }
}

/// The first item of a run that was not passed.
private struct RunHead: Comparable {
    let item: NegentropyItem
    let run: Int

    @inline(__always)
    static func < (a: RunHead, b: RunHead) -> Bool { a.item < b.item }
}
