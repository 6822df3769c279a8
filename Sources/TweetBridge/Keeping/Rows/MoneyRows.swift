// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What is left of a rate limit, as the last answer said.
public struct BudgetRow: Hashable, Sendable, Codable {
    public var limit: Int
    public var remaining: Int
    /// **Milliseconds** since 1970.
    public var reset: Int64
    public var updatedAt: Int64

    public init(limit: Int, remaining: Int, reset: Int64, updatedAt: Int64) {
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
        self.updatedAt = updatedAt
    }
}

/// Something that X takes money for, once a day (UTC).
public struct Charge: Hashable, Sendable {
    /// A word: `post`, `user`, …
    public var kind: String
    public var id: UInt64
    /// **Millionths** of a dollar.
    public var micros: Int64

    public init(_ kind: String, _ id: UInt64, micros: Int64) {
        self.kind = kind
        self.id = id
        self.micros = micros
    }
}

/// What was spent on one day.
public struct SpendTotal: Hashable, Sendable, Codable {
    /// **Millionths** of a dollar.
    public var micros: Int64 = 0
    /// How many things, by kind.
    public var counts: [String: Int] = [:]

    public init() {}
}

/// What signs requests in.
public struct CredentialRow: Hashable, Sendable, Codable {
    public var kind: String
    /// Encrypted; see ``TokenSeal``.
    var sealed: [UInt8]
    /// **Milliseconds** since 1970.
    public var expires: Int64?
    /// Grows by one with every renewal.
    public var rotation: UInt64
    public var updatedAt: Int64
}
