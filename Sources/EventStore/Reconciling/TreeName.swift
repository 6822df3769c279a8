// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Which tree of its table a row is of: what its key begins with.
///
///     number 2, of a filter's tree, or letter 1 ‖ group 8, of a group's (``EventGroups``)
struct TreeName: Hashable, Comparable {
    /// 0 for a filter's.
    let letter: UInt8
    let number: UInt64

    /// The tree of a filter, by its place in the list.
    init(_ number: Int) { (letter, self.number) = (0, UInt64(number)) }

    init(_ letter: GroupLetter, group: UInt64) { (self.letter, number) = (letter.rawValue, group) }

    /// Of a group's row.
    init?(groupKey key: Span<UInt8>) {
        guard key.count == Self.groupBytes + TreeKey.placeBytes, let letter = GroupLetter(rawValue: key[0])
        else { return nil }
        self.init(letter, group: Self.word(key))
    }

    private static let groupBytes = 9

    /// **Bytes** of a key before the level.
    var bytes: Int { letter == 0 ? 2 : Self.groupBytes }

    /// The highest level. Of a filter's, 32⁵ items have one row there; a group is smaller, and mostly of a few items, all of which
    /// have their rows of every level to pay for.
    var top: UInt8 { letter == 0 ? 5 : 2 }

    func begins(_ key: Span<UInt8>) -> Bool {
        if letter == 0 { return UInt64(key.quarter(at: 0)) == number }
        return key[0] == letter && Self.word(key) == number
    }

    private static func word(_ key: Span<UInt8>) -> UInt64 { key.word(at: 1) }

    static func < (a: TreeName, b: TreeName) -> Bool {
        a.letter == b.letter ? a.number < b.number : a.letter < b.letter
    }
}
