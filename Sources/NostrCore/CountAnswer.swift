// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The answer to a `COUNT` (NIP-45).
public struct CountAnswer: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// How many events match.
    public var count: Int
    /// Whose they are, to be joined with other relays' answers; for the queries of ``CountedQuery`` only.
    public var authors: HyperLogLog?

    public init(_ count: Int, authors: HyperLogLog? = nil) {
        self.count = count
        self.authors = authors
    }

    public init(integerLiteral count: Int) { self.init(count) }

    /// `{"count":N}`, with `hll` when there is one.
    var json: [UInt8] {
        guard let authors else { return Array("{\"count\":\(count)}".utf8) }
        return Array("{\"count\":\(count),\"hll\":\"\(authors.hex)\"}".utf8)
    }
}
