// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// One row of the ledger as it is kept: what was paid for, on which day.
public struct SpendRow: Hashable, Sendable, Codable {
    /// Days since 1970, UTC.
    public var day: Int64
    public var item: Item
    /// **Micro-dollars**.
    public var amount: Int64

    public init(day: Int64, item: Item, amount: Int64) {
        self.day = day
        self.item = item
        self.amount = amount
    }

    public enum Item: Hashable, Sendable, Codable {
        /// What X charges once a day, however often it is read. Of no use once the day is over.
        case post(PostID)
        case user(UserID)
        /// A paid answer that could not be read, by a hash of the request.
        case unread(UInt64)
        /// What was spent for a purpose on this day.
        case total(SpendPurpose)
        /// What a request under way may cost.
        case held(Int, SpendPurpose)
    }
}

/// What the keeper of the ledger has to write, in one transaction: first all that is put, of one item the last; then it removes.
public struct SpendChanges: Hashable, Sendable {
    public var put: [SpendRow] = []
    public var removed: [SpendRow] = []
    /// **Micro-dollars** that they charge.
    public var spent: Int64 = 0

    public init() {}
    public var isEmpty: Bool { put.isEmpty && removed.isEmpty }

    /// These, and then those.
    public mutating func append(_ later: SpendChanges) {
        put += later.put
        removed += later.removed
        spent += later.spent
    }
}
