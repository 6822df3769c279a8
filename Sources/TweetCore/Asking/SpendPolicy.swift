// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How much may be spent in a day, and what of it is kept for what.
public struct SpendPolicy: Hashable, Sendable, Codable {
    /// **Micro-dollars** of a UTC day. Never more, whatever is asked.
    public var cap: Int64
    /// **Percent** of the cap that less important purposes leave alone while it is not spent.
    public var reserved: [SpendPurpose: Int]

    public init(
        cap: Int64 = 5_000_000,
        reserved: [SpendPurpose: Int] = [.ownPosts: 50, .references: 15, .deletions: 10]
    ) {
        self.cap = cap
        self.reserved = reserved
    }

    func share(of purpose: SpendPurpose) -> Int64 {
        cap / 100 * Int64(min(max(reserved[purpose] ?? 0, 0), 100))
    }
}
