// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The queries whose answers carry a ``HyperLogLog``: the six that NIP-45 names.
public enum CountedQuery: UInt8, Hashable, Sendable, CaseIterable {
    case reactions, reposts, quotes, replies, comments, followers

    public var kinds: [Kind] {
        switch self {
        case .reactions: [7]
        case .reposts: [.repost]
        case .quotes: [1, .comment]
        case .replies: [1]
        case .comments: [.comment]
        case .followers: [.contacts]
        }
    }

    /// Of the tag whose value is asked for.
    public var letter: UInt8 {
        switch self {
        case .reactions, .reposts, .replies: UInt8(ascii: "e")
        case .quotes: UInt8(ascii: "q")
        case .comments: UInt8(ascii: "E")
        case .followers: UInt8(ascii: "p")
        }
    }

    /// What an event counts for by a tag of this letter.
    @inline(__always)
    public init?(kind: Kind, letter: UInt8) {
        switch (kind.rawValue, letter) {
        case (7, UInt8(ascii: "e")): self = .reactions
        case (6, UInt8(ascii: "e")): self = .reposts
        case (1, UInt8(ascii: "q")), (1111, UInt8(ascii: "q")): self = .quotes
        case (1, UInt8(ascii: "e")): self = .replies
        case (1111, UInt8(ascii: "E")): self = .comments
        case (3, UInt8(ascii: "p")): self = .followers
        default: return nil
        }
    }

    /// Whether events of a kind count for anything.
    @inline(__always)
    public static func counts(_ kind: Kind) -> Bool {
        switch kind.rawValue {
        case 1, 3, 6, 7, 1111: true
        default: false
        }
    }

    /// The query that a filter is, with the one value that it asks for: kinds and tag as NIP-45 has them, and nothing else.
    public static func of(_ filter: Filter) -> (query: CountedQuery, value: TagValue)? {
        guard filter.ids == nil, filter.authors == nil, filter.since == nil, filter.until == nil,
            filter.search == nil,
            let kinds = filter.kinds, filter.tags.count == 1, let condition = filter.tags.first,
            condition.values.count == 1, let value = condition.values.first
        else { return nil }
        let query = allCases.first { $0.letter == condition.letter && $0.kinds == kinds }
        return query.map { ($0, value) }
    }
}

/// A tag's value as the target of a ``CountedQuery``.
public struct CountedTarget: Hashable, Sendable {
    /// The half of 32 bytes that stand for the value: its own when it is 64 digits, else its hash.
    public let name: (high: UInt64, low: UInt64)
    /// Where in a key its register begins (NIP-45).
    public let offset: Int

    /// - Parameter value: its bytes, escapes resolved.
    public init(_ value: Span<UInt8>) {
        if value.count == 64, let bytes = Hex.decode32(value) {
            self.init(bytes, offset: bytes)
            return
        }
        let hash = SHA256.digest(value)
        let bytes = value.withUnsafeBufferPointer { Array($0) }
        let pubkey = EventAddress(TagValue(bytes: bytes))?.pubkey.bytes
        self.init(hash, offset: pubkey ?? hash)
    }

    private init(_ name: Bytes32, offset: Bytes32) {
        self.name = (name.words.0, name.words.1)
        // The digit at position 32.
        self.offset = Int(offset[byte: 16] >> 4) + 8
    }

    public static func == (a: Self, b: Self) -> Bool { a.name == b.name && a.offset == b.offset }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name.high)
        hasher.combine(name.low)
        hasher.combine(offset)
    }
}
