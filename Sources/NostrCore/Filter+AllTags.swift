// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// `&x`, which a relay may offer (NIP-91): the event has a tag of this name for every one of the values.
///
/// A condition that asks for all of some values is as many conditions that ask for one: whoever plans, matches or files
/// filters knows nothing else, and finds the rarest of the values by itself.
extension Filter {
    /// Whether anything was asked for in this way.
    public var usesAllTags: Bool { tags.contains(where: \.isOfAll) }

    /// Adds `&x`. Values that stand there are passed over in `#x`; an empty list matches nothing, like any other.
    ///
    /// - Parameter values: sorted, without duplicates.
    mutating func require(all values: [TagValue], of letter: UInt8) {
        if let index = tags.firstIndex(where: { $0.letter == letter && !$0.isOfAll }),
            !tags[index].values.isEmpty
        {
            tags[index].values.removeAll { values.contains($0) }
            if tags[index].values.isEmpty { tags.remove(at: index) }
        }
        if values.isEmpty { tags.append(TagCondition(letter: letter, values: [], isOfAll: true)) }
        for value in values
        where !tags.contains(where: { $0.isOfAll && $0.letter == letter && $0.values == [value] }) {
            tags.append(TagCondition(letter: letter, values: [value], isOfAll: true))
        }
        tags.sort { a, b in
            if a.letter != b.letter { return a.letter < b.letter }
            if a.isOfAll != b.isOfAll { return b.isOfAll }
            return a.values.lexicographicallyPrecedes(b.values)
        }
    }

    /// Letters and all of their values, as `&x` spells them.
    var allTags: [(letter: UInt8, values: [TagValue])] {
        var found: [(letter: UInt8, values: [TagValue])] = []
        for condition in tags where condition.isOfAll {
            if found.last?.letter != condition.letter { found.append((condition.letter, [])) }
            found[found.count - 1].values += condition.values
        }
        return found
    }
}
