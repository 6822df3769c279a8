// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Small numbers, in no order; most often there is one, which takes no room of its own.
enum EntryList: Sendable {
    case none
    case one(Int)
    case many([Int])

    var isEmpty: Bool { if case .none = self { true } else { false } }

    mutating func append(_ entry: Int) {
        switch self {
        case .none: self = .one(entry)
        case .one(let first): self = .many([first, entry])
        case .many(var entries):
            self = .none
            entries.append(entry)
            self = .many(entries)
        }
    }

    /// - Complexity: O(entries).
    mutating func remove(_ entry: Int) {
        switch self {
        case .none: break
        case .one(let only): if only == entry { self = .none }
        case .many(var entries):
            self = .none
            if let index = entries.firstIndex(of: entry) {
                entries.swapAt(index, entries.count - 1)
                entries.removeLast()
            }
            if let first = entries.first, entries.count == 1 {
                self = .one(first)
            } else if !entries.isEmpty {
                // What was needed once is given back.
                if entries.capacity > 32, entries.count < entries.capacity / 8 { entries = Array(entries) }
                self = .many(entries)
            }
        }
    }

    var all: [Int] {
        switch self {
        case .none: []
        case .one(let entry): [entry]
        case .many(let entries): entries
        }
    }
}
