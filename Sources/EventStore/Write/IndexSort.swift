// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Sorts index entries.
enum IndexSort {
    private static let bucketBits = 10
    /// Fewer entries are sorted as they are.
    private static let countMin = 2_000

    /// Deals the entries into buckets by the first bits of their prefixes, which are mostly hashes, and sorts
    /// each: the buckets are small enough to stay in the processor's cache.
    static func sort(_ entries: inout [IndexEntry]) {
        guard entries.count >= countMin else {
            entries.sort()
            return
        }
        var ends = [Int](repeating: 0, count: 1 << bucketBits)
        for entry in entries { ends[bucket(entry)] += 1 }
        guard ends.allSatisfy({ $0 < entries.count / 4 }) else {
            entries.sort()
            return
        }
        var sum = 0
        for index in ends.indices {
            sum += ends[index]
            ends[index] = sum
        }
        let starts = [0] + ends
        entries = [IndexEntry](unsafeUninitializedCapacity: entries.count) { dealt, count in
            var next = starts
            for entry in entries {
                let bucket = bucket(entry)
                dealt.initializeElement(at: next[bucket], to: entry)
                next[bucket] += 1
            }
            count = entries.count
        }
        entries.withUnsafeMutableBufferPointer { all in
            for bucket in ends.indices { insertionSort(all, starts[bucket], ends[bucket]) }
        }
    }

    @inline(__always)
    private static func bucket(_ entry: IndexEntry) -> Int {
        Int(truncatingIfNeeded: entry.value.prefix >> UInt64(64 - bucketBits))
    }

    /// Small runs by insertion; others the usual way.
    private static func insertionSort(_ all: UnsafeMutableBufferPointer<IndexEntry>, _ start: Int, _ end: Int)
    {
        if end - start > 48 {
            all[start..<end].sort()
            return
        }
        var index = start + 1
        while index < end {
            let entry = all[index]
            var hole = index
            while hole > start, entry < all[hole - 1] {
                all[hole] = all[hole - 1]
                hole -= 1
            }
            all[hole] = entry
            index += 1
        }
    }
}
