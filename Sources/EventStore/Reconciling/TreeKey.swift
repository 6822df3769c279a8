// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore

/// The key of a tree's row.
///
///     name of the tree 2 or 9 ‖ level 1 ‖ created_at 8 ‖ id 32
///
/// Level 0 has a row for every item, without a value. Each level above has a row for about one in
/// 32 of those below it (``KeyShape/treeBits``), chosen by a keyed hash of the id: its value is the sum of all items from there
/// to the next row of its level (``NegentropySum/row``). What comes before the first is summed at the item of zeros.
/// So the rows follow from the items alone, whatever order they came and went in, and nobody outside can choose ids that make
/// a tree lopsided.
struct TreeKey {
    /// The highest level of any tree.
    static let top: UInt8 = 5
    /// Of the row that counts events whose kind is left out: the number, 8 bytes.
    static let leftOut: UInt8 = 0xFF
    /// **Bytes** behind the name.
    static let placeBytes = 41

    private var storage = InlineArray<50, UInt8>(repeating: 0)
    private let count: Int

    init(_ tree: TreeName, _ level: UInt8, _ item: NegentropyItem = .start) {
        let words = item.id.bytes.words
        let place = tree.bytes
        count = place + Self.placeBytes
        var span = storage.mutableSpan
        span.withUnsafeMutableBytes { bytes in
            if tree.letter == 0 {
                bytes.storeBytes(of: UInt16(truncatingIfNeeded: tree.number).bigEndian, as: UInt16.self)
            } else {
                bytes[0] = tree.letter
                bytes.storeBytes(of: tree.number.bigEndian, toByteOffset: 1, as: UInt64.self)
            }
            bytes[place] = level
            bytes.storeBytes(of: item.timestamp.bigEndian, toByteOffset: place + 1, as: UInt64.self)
            bytes.storeBytes(of: words.0.bigEndian, toByteOffset: place + 9, as: UInt64.self)
            bytes.storeBytes(of: words.1.bigEndian, toByteOffset: place + 17, as: UInt64.self)
            bytes.storeBytes(of: words.2.bigEndian, toByteOffset: place + 25, as: UInt64.self)
            bytes.storeBytes(of: words.3.bigEndian, toByteOffset: place + 33, as: UInt64.self)
        }
    }

    var span: Span<UInt8> {
        @_lifetime(borrow self) get { storage.span.extracting(0..<count) }
    }

    /// Whether a row is of this tree and level.
    static func isOf(_ tree: TreeName, _ level: UInt8, _ key: Span<UInt8>) -> Bool {
        key.count == tree.bytes + placeBytes && tree.begins(key) && key[tree.bytes] == level
    }

    /// The item of a row that ``isOf(_:_:_:)`` some level.
    static func item(_ key: Span<UInt8>) -> NegentropyItem {
        let id = key.count - 32
        return NegentropyItem(
            // A time is never negative, and the last number is kept for infinity.
            timestamp: min(key.word(at: id - 8), .max - 1),
            id: EventID(
                Bytes32(
                    words: (
                        key.word(at: id), key.word(at: id + 8), key.word(at: id + 16), key.word(at: id + 24)
                    ))))
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
