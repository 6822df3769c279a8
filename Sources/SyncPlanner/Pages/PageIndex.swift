// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Which filters of a page an event may match, without asking each of them.
///
/// Filters are filed by the hashes of the values of one tag condition. A hash that two values share only
/// makes a filter be asked in vain.
struct PageIndex: Hashable, Sendable {
    private struct Entry: Hashable, Sendable {
        let hash: ValueHash
        let filter: Int
    }

    /// Ascending by hash.
    private var entries: [Entry] = []
    /// Filters without a tag condition: asked about every event.
    private var rest: [Int] = []

    init(_ filters: some Collection<Filter>) {
        for (index, filter) in filters.enumerated() {
            guard let condition = filter.tags.min(by: { $0.values.count < $1.values.count }) else {
                rest.append(index)
                continue
            }
            for value in condition.values {
                let hash = ValueHash(letter: condition.letter, value: value.bytes.span)
                entries.append(Entry(hash: hash, filter: index))
            }
        }
        entries.sort { ($0.hash, $0.filter) < ($1.hash, $1.filter) }
    }

    /// Ascending.
    func candidates(_ event: Event) -> [Int] {
        var found = rest
        let json = event.json.span
        var scanner = TagScanner(event.layout)
        while let tag = scanner.next(in: json) {
            guard let hash = ValueHash(tag, in: json) else { continue }
            for entry in entries[first(hash)...] {
                guard entry.hash == hash else { break }
                if !found.contains(entry.filter) { found.append(entry.filter) }
            }
        }
        return found.sorted()
    }

    private func first(_ hash: ValueHash) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].hash < hash { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
