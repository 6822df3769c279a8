// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Which filters are filed under a value.
///
/// In many small tables rather than one, so that none of them takes long when it grows, and each gives back what it no
/// longer needs.
struct ValueTable: Sendable {
    private var parts = [[ValueHash: EntryList]](repeating: [:], count: Self.partCount)

    private static let partCount = 256

    var isEmpty: Bool { parts.allSatisfy(\.isEmpty) }
    /// How many values there is room for.
    var capacity: Int { parts.reduce(0) { $0 + $1.capacity } }

    subscript(value: ValueHash) -> EntryList? { parts[Self.part(of: value)][value] }

    mutating func insert(_ entry: Int, under value: ValueHash) {
        parts[Self.part(of: value)][value, default: .none].append(entry)
    }

    mutating func remove(_ entry: Int, under value: ValueHash) {
        parts[Self.part(of: value)].remove(entry, under: value)
    }

    private static func part(of value: ValueHash) -> Int { Int(value.rawValue % UInt64(partCount)) }
}

extension [ValueHash: EntryList] {
    fileprivate mutating func remove(_ entry: Int, under value: ValueHash) {
        guard let index = index(forKey: value) else { return }
        values[index].remove(entry)
        guard values[index].isEmpty else { return }
        remove(at: index)
        if isEmpty {
            self = [:]
        } else if capacity > 64, count < capacity / 8 {
            self = Dictionary(uniqueKeysWithValues: map { ($0, $1) })
        }
    }
}
