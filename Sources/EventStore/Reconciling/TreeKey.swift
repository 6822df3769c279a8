// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore

/// The key of a tree's row.
///
///     tree 2 ‖ level 1 ‖ created_at 8 ‖ id 32
///
/// Level 0 has a row for every item, without a value. Each level above has a row for about one in
/// 32 of those below it (``KeyShape/treeBits``), chosen by a keyed hash of the id: its value is the sum of all items from there
/// to the next row of its level (``NegentropySum/row``). What comes before the first is summed at the item of zeros.
/// So the rows follow from the items alone, whatever order they came and went in, and nobody outside can choose ids that make
/// a tree lopsided.
struct TreeKey {
    /// The highest level: 32⁵ items have one row there.
    static let top: UInt8 = 5
    /// Of the row that counts events whose kind is left out: the number, 8 bytes.
    static let leftOut: UInt8 = 0xFF

    static let bytes = 43
    private var storage = InlineArray<43, UInt8>(repeating: 0)

    init(_ tree: UInt16, _ level: UInt8, _ item: NegentropyItem = .start) {
        let words = item.id.bytes.words
        var span = storage.mutableSpan
        span.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: tree.bigEndian, as: UInt16.self)
            bytes[2] = level
            bytes.storeBytes(of: item.timestamp.bigEndian, toByteOffset: 3, as: UInt64.self)
            bytes.storeBytes(of: words.0.bigEndian, toByteOffset: 11, as: UInt64.self)
            bytes.storeBytes(of: words.1.bigEndian, toByteOffset: 19, as: UInt64.self)
            bytes.storeBytes(of: words.2.bigEndian, toByteOffset: 27, as: UInt64.self)
            bytes.storeBytes(of: words.3.bigEndian, toByteOffset: 35, as: UInt64.self)
        }
    }

    var span: Span<UInt8> {
        @_lifetime(borrow self) get { storage.span }
    }

    /// Whether a row is of this tree and level.
    static func isOf(_ tree: UInt16, _ level: UInt8, _ key: Span<UInt8>) -> Bool {
        key.count == bytes && key.quarter(at: 0) == tree && key[2] == level
    }

    /// The item of a row that ``isOf(_:_:_:)`` some level.
    static func item(_ key: Span<UInt8>) -> NegentropyItem {
        NegentropyItem(
            // A time is never negative, and the last number is kept for infinity.
            timestamp: min(key.word(at: 3), .max - 1),
            id: EventID(
                Bytes32(words: (key.word(at: 11), key.word(at: 19), key.word(at: 27), key.word(at: 35)))))
    }
}

extension NegentropyItem {
    /// Before every event: no hash is all zeros.
    static let start = NegentropyItem(timestamp: 0, id: EventID(Bytes32(words: (0, 0, 0, 0))))
}

extension KeyMaker {
    /// The highest level at which an item has a row.
    func treeLevel(of id: EventID) -> UInt8 {
        var hash = KeyHash(secret)
        hash.absorb(word: 2)
        let words = id.bytes.words
        hash.absorb(word: words.0)
        hash.absorb(word: words.1)
        hash.absorb(word: words.2)
        hash.absorb(word: words.3)
        return UInt8(min(Int(TreeKey.top), hash.finish().trailingZeroBitCount / shape.treeBits))
    }
}
