// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The hash of one value that a filter can ask for: an id, an author, a kind or the value of a tag.
///
/// It differs from run to run, so nobody can prepare values that share one; two values still may, and what
/// is found by a hash must be compared.
public struct ValueHash: Hashable, Comparable, Sendable {
    /// Evenly spread over all 64 bits.
    public let rawValue: UInt64

    public init(_ id: EventID) { self.init(marked: 0) { $0.combine(id.bytes) } }
    public init(_ author: PublicKey) { self.init(marked: 1) { $0.combine(author.bytes) } }
    public init(_ kind: Kind) { self.init(marked: 2) { $0.combine(kind) } }

    public init(letter: UInt8, value: Span<UInt8>) {
        self.init(marked: letter) { hasher in
            value.withUnsafeBytes { hasher.combine(bytes: $0) }
        }
    }

    /// Of the first value of a tag with a single letter; `nil` for any other tag.
    public init?(_ tag: ScannedTag, in json: Span<UInt8>) {
        guard let letter = tag.letter(in: json), let range = tag.value else { return nil }
        if tag.valueHasEscapes {
            self.init(letter: letter, value: JSONText.unescaped(json, range).span)
        } else {
            self.init(letter: letter, value: json.extracting(range))
        }
    }

    /// Of a word that is searched for.
    public init(_ word: SearchWord) { self.init(marked: 3) { $0.combine(word) } }

    /// - Parameter mark: keeps the same bytes in different fields apart; below any letter where it is none.
    private init(marked mark: UInt8, _ combine: (inout Hasher) -> Void) {
        var hasher = Hasher()
        hasher.combine(mark)
        combine(&hasher)
        rawValue = UInt64(truncatingIfNeeded: hasher.finalize())
    }

    public static func < (a: ValueHash, b: ValueHash) -> Bool { a.rawValue < b.rawValue }
}
